using System.Data;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>A parameter that holds its value as what it is: no number is boxed on its way to the store.</summary>
/// <typeparam name="T">The type of the value, one that <see cref="LsmParameter"/> takes.</typeparam>
public sealed class LsmParameter<T> : LsmDbParameter
{
    /// <summary>A parameter without name and value.</summary>
    public LsmParameter()
    {
    }

    /// <summary>A parameter without value.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    public LsmParameter(string? parameterName)
    {
        ParameterName = parameterName;
    }

    /// <summary>A parameter with a value.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="value">The value.</param>
    public LsmParameter(string? parameterName, T value)
    {
        ParameterName = parameterName;
        TypedValue = value;
    }

    /// <summary>The value. A null of a nullable type cannot be sent: use <see cref="LsmParameter"/> with <see cref="DBNull.Value"/>.</summary>
    [MaybeNull]
    [AllowNull]
    public T TypedValue { get; set; }

    /// <summary>The value, boxed.</summary>
    /// <exception cref="InvalidCastException">Set to another type.</exception>
    public override object? Value
    {
        get => TypedValue;
        set => TypedValue = (T)value!;
    }

    /// <inheritdoc/>
    internal override void Bind(out SqlValue value)
    {
        if (DeclaredDbType is not null || !TypedValues.TryFrom(TypedValue, out value))
        {
            object? boxed = TypedValue;
            value = Conversion.FromClr(Sized(boxed ?? throw NullValue()), DeclaredDbType);
        }
    }

    /// <inheritdoc/>
    private protected override DbType InferDbType() => TypedValues.TryFrom(TypedValue, out var value) ? SqlTypes.DbTypeOf(value.Type) : TypedValues.DbTypeOf(TypedValue);
}
