using System.Collections;
using System.Data;
using System.Data.Common;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>The parameters of a command. Names are found with or without prefix and in any case; an exact match wins.</summary>
#pragma warning disable CA1010 // ADO.NET's base class fixes the collection's interface
public sealed class LsmParameterCollection : DbParameterCollection
#pragma warning restore CA1010
{
    private const int FirstCapacity = 1; // of a point read; then doubling

    private LsmDbParameter[] _items = [];
    private int _count;

    internal LsmParameterCollection()
    {
    }

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override object SyncRoot => this;

    /// <summary>The parameter at a position.</summary>
    /// <param name="index">The position, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public new LsmDbParameter this[int index]
    {
        get => _items[Checked(index)];
        set => SetParameter(index, value);
    }

    /// <summary>The parameter of a name.</summary>
    /// <param name="parameterName">The name, with or without prefix, in any case.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public new LsmDbParameter this[string parameterName]
    {
        get => _items[Existing(parameterName)];
        set => SetParameter(parameterName, value);
    }

    /// <summary>Adds a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <typeparam name="TParameter">Its type.</typeparam>
    /// <returns>The same parameter.</returns>
    public TParameter Add<TParameter>(TParameter parameter) where TParameter : LsmDbParameter
    {
        Insert(_count, parameter);
        return parameter;
    }

    /// <summary>Adds a parameter of a type, without value.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="dbType">The type.</param>
    public LsmParameter Add(string? parameterName, DbType dbType) => Add(new LsmParameter(parameterName, dbType));

    /// <summary>Adds a parameter of a type of the dialect, without value.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="lsmType">The type.</param>
    public LsmParameter Add(string? parameterName, LsmType lsmType) => Add(new LsmParameter(parameterName, lsmType));

    /// <summary>Adds a parameter with a value, whose type gives the parameter's.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="value">The value; <see cref="DBNull.Value"/> for NULL.</param>
    public LsmParameter AddWithValue(string? parameterName, object? value) => Add(new LsmParameter(parameterName, value));

    /// <inheritdoc/>
    public override int Add(object value)
    {
        Insert(_count, value);
        return _count - 1;
    }

    /// <inheritdoc/>
    public override void AddRange(Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
        {
            Insert(_count, value!);
        }
    }

    /// <inheritdoc/>
    public override void Insert(int index, object? value)
    {
        var parameter = Parameter(value);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, _count);
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(FirstCapacity, _count * 2));
        }

        Array.Copy(_items, index, _items, index + 1, _count - index);
        _items[index] = parameter;
        _count++;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
    }

    /// <inheritdoc/>
    public override bool Contains(object? value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override bool Contains(string? value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override void CopyTo(Array array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        Array.Copy(_items, 0, array, index, _count);
    }

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => new ArraySegment<LsmDbParameter>(_items, 0, _count).AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    public override int IndexOf(object? value) => value is null ? -1 : Array.IndexOf(_items, value, 0, _count);

    /// <inheritdoc/>
    public override int IndexOf(string? parameterName)
    {
        if (parameterName is null)
        {
            return -1;
        }

        var bare = ParameterName.Bare(parameterName);
        var inAnyCase = -1;
        for (var index = 0; index < _count; index++)
        {
            var candidate = ParameterName.Bare(_items[index].ParameterName);
            if (candidate.SequenceEqual(bare))
            {
                return index;
            }

            if (inAnyCase < 0 && candidate.Equals(bare, StringComparison.OrdinalIgnoreCase))
            {
                inAnyCase = index;
            }
        }

        return inAnyCase;
    }

    /// <inheritdoc/>
    public override void Remove(object? value)
    {
        var index = IndexOf(Parameter(value));
        RemoveAt(index >= 0 ? index : throw new ArgumentException("The parameter is not in this collection.", nameof(value)));
    }

    /// <inheritdoc/>
    public override void RemoveAt(int index)
    {
        Checked(index);
        _count--;
        Array.Copy(_items, index + 1, _items, index, _count - index);
        _items[_count] = null!;
    }

    /// <inheritdoc/>
    public override void RemoveAt(string parameterName) => RemoveAt(Existing(parameterName));

    /// <inheritdoc/>
    protected override DbParameter GetParameter(int index) => _items[Checked(index)];

    /// <inheritdoc/>
    protected override DbParameter GetParameter(string parameterName) => _items[Existing(parameterName)];

    /// <inheritdoc/>
    protected override void SetParameter(int index, DbParameter value)
    {
        var parameter = Parameter(value);
        _items[Checked(index)] = parameter;
    }

    /// <inheritdoc/>
    protected override void SetParameter(string parameterName, DbParameter value)
    {
        var parameter = Parameter(value);
        _items[Existing(parameterName)] = parameter;
    }

    /// <summary>Puts names and values into the set of an execution.</summary>
    internal void Bind(CommandRun run, ParameterSet parameters)
    {
        for (var index = 0; index < _count; index++)
        {
            var parameter = _items[index];
            parameter.Bind(out var value);
            parameters.Add(run.BareName(index, parameter.ParameterName), value);
        }
    }

    private static LsmDbParameter Parameter(object? value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value as LsmDbParameter ?? throw new InvalidCastException($"A parameter must be an LsmParameter, not a {value.GetType()}. Make it with CreateParameter.");
    }

    private int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _count);
        return index;
    }

    private int Existing(string parameterName)
    {
        var index = IndexOf(parameterName);
        return index >= 0 ? index : throw new ArgumentException($"There is no parameter named '{parameterName}'.", nameof(parameterName));
    }
}
