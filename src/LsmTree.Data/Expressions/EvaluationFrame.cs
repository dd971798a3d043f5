using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>Where expressions read while one statement is executed: parameters, the present row, the row proposed by an INSERT, finished aggregates. Reusable.</summary>
internal sealed class EvaluationFrame
{
    private ParameterSet _parameters = ParameterSet.Empty;
    private int[] _slots = [];
    private Dictionary<BoundExpression, object?>? _kept;

    public IColumnValues? Row { get; set; }

    public IColumnValues? Excluded { get; set; }

    /// <summary>The results of the aggregates of a select list, by their number.</summary>
    public SqlValue[] Aggregates { get; set; } = [];

    public ref readonly SqlValue ParameterAt(int slot) => ref _parameters.ValueAt(_slots[slot]);

    /// <summary>Takes the parameters of an execution; they stay valid until it ends.</summary>
    public void Bind(ParameterSlots slots, ParameterSet parameters)
    {
        _parameters = parameters;
        _kept?.Clear();
        slots.Resolve(parameters, ref _slots);
    }

    /// <summary>Copies the parameters, for rows that are read after the command has been given others.</summary>
    public void DetachParameters()
    {
        if (_parameters.Count == 0)
        {
            return;
        }

        var copy = new ParameterSet();
        for (var i = 0; i < _parameters.Count; i++)
        {
            copy.Add(_parameters.NameAt(i), _parameters.ValueAt(i).ToOwned());
        }

        _parameters = copy;
    }

    /// <summary>A frame with the same parameters and rows of its own.</summary>
    public EvaluationFrame Fork() => new() { _parameters = _parameters, _slots = _slots };

    /// <summary>What an expression has worked out once for this execution, such as a parsed pattern; false when it has not.</summary>
    public bool TryGetKept<T>(BoundExpression owner, out T? kept) where T : class
    {
        object? found = null;
        var isKept = _kept is not null && _kept.TryGetValue(owner, out found);
        kept = (T?)found;
        return isKept;
    }

    /// <summary>Keeps something (null is something, too) for the expression until the next <see cref="Bind"/>.</summary>
    public void Keep(BoundExpression owner, object? kept) => (_kept ??= [])[owner] = kept;
}
