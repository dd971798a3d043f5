using System.Data;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>A parameter whose value is any object of a type that the dialect has.</summary>
public sealed class LsmParameter : LsmDbParameter
{
    /// <summary>A parameter without name and value.</summary>
    public LsmParameter()
    {
    }

    /// <summary>A parameter with a value, whose type gives its own.</summary>
    /// <remarks>
    /// The constant 0 does not compile here: C# takes it for a value of any enum, and so cannot tell whether <c>new LsmParameter("p", 0)</c> means the value 0
    /// or the first <see cref="DbType"/> or <see cref="LsmType"/>. Write <c>(object)0</c>, use AddWithValue, or an <see cref="LsmParameter{T}"/>.
    /// </remarks>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="value">The value; <see cref="DBNull.Value"/> for NULL.</param>
    public LsmParameter(string? parameterName, object? value)
    {
        ParameterName = parameterName;
        Value = value;
    }

    /// <summary>A parameter with a type.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="dbType">The type.</param>
    public LsmParameter(string? parameterName, DbType dbType)
    {
        ParameterName = parameterName;
        DbType = dbType;
    }

    /// <summary>A parameter that takes its values from a column of a DataTable.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="dbType">The type.</param>
    /// <param name="size">Characters or bytes sent at most; 0 for all.</param>
    /// <param name="sourceColumn">The column.</param>
    public LsmParameter(string? parameterName, DbType dbType, int size, string? sourceColumn = null)
        : this(parameterName, dbType)
    {
        Size = size;
        SourceColumn = sourceColumn;
    }

    /// <summary>A parameter with a type of the dialect.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="lsmType">The type.</param>
    public LsmParameter(string? parameterName, LsmType lsmType)
    {
        ParameterName = parameterName;
        LsmType = lsmType;
    }

    /// <summary>A parameter with a type of the dialect that takes its values from a column of a DataTable.</summary>
    /// <param name="parameterName">The name, with or without prefix.</param>
    /// <param name="lsmType">The type.</param>
    /// <param name="size">Characters or bytes sent at most; 0 for all.</param>
    /// <param name="sourceColumn">The column.</param>
    public LsmParameter(string? parameterName, LsmType lsmType, int size, string? sourceColumn = null)
        : this(parameterName, lsmType)
    {
        Size = size;
        SourceColumn = sourceColumn;
    }

    /// <summary>The value; <see cref="DBNull.Value"/> for NULL. Default: null, which cannot be sent.</summary>
    public override object? Value { get; set; }

    /// <inheritdoc/>
    internal override void Bind(out SqlValue value) =>
        value = Conversion.FromClr(Size > 0 && Value is not null ? Sized(Value) : Value ?? throw NullValue(), DeclaredDbType);

    /// <inheritdoc/>
    private protected override DbType InferDbType() => TypedValues.DbTypeOf(Value);
}
