using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>A parameter of a command: everything but its value, which <see cref="LsmParameter"/> holds as an object and <see cref="LsmParameter{T}"/> as its own type.</summary>
/// <remarks>
/// The name may carry the prefix of the text or not, and its case does not matter. Without a <see cref="DbType"/> or
/// <see cref="LsmType"/>, which are one setting, the type follows from the value. Only input parameters exist.
/// </remarks>
public abstract class LsmDbParameter : DbParameter
{
    private const sbyte Inferred = -1;

    private string _name = "";
    private string _sourceColumn = "";
    private int _size;
    private short _sourceVersion = (short)DataRowVersion.Current;
    private sbyte _dbType = Inferred;
    private byte _precision;
    private byte _scale;
    private bool _isNullable;
    private bool _sourceColumnNullMapping;

    private protected LsmDbParameter()
    {
    }

    /// <summary>The type of the value. Default: the type that the value has, <see cref="DbType.String"/> when there is none.</summary>
    /// <remarks>Object leaves the type to the value. The text types are one, and so are DateTime and DateTime2.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is no DbType.</exception>
    public override DbType DbType
    {
        get => _dbType == Inferred ? InferDbType() : (DbType)_dbType;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "This is not a DbType.");
            }

            _dbType = value == DbType.Object ? Inferred : (sbyte)value;
        }
    }

    /// <summary>The type of the value in the dialect's words: another way to say <see cref="DbType"/>. Default: the type that the value has, <see cref="LsmType.Text"/> when there is none.</summary>
    /// <remarks><see cref="LsmType.Any"/> leaves the type to the value.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is no LsmType.</exception>
    [DbProviderSpecificTypeProperty(true)]
    public LsmType LsmType
    {
        get => LsmTypes.Of(SqlTypes.FromDbType(DbType));
        set => DbType = SqlTypes.DbTypeOf(LsmTypes.ToSqlType(value));
    }

    /// <summary>Always <see cref="ParameterDirection.Input"/>.</summary>
    /// <exception cref="NotSupportedException">Set to anything else: there are no procedures, so nothing comes back through a parameter.</exception>
    public override ParameterDirection Direction
    {
        get => ParameterDirection.Input;
        set
        {
            if (value != ParameterDirection.Input)
            {
                throw new NotSupportedException($"ParameterDirection.{value} is not supported: statements return values as rows (SELECT, or RETURNING).");
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsNullable
    {
        get => _isNullable;
        set => _isNullable = value;
    }

    /// <summary>The name, with or without prefix; empty for a positional parameter. Default: empty.</summary>
    [AllowNull]
    public override string ParameterName
    {
        get => _name;
        set => _name = value ?? "";
    }

    /// <inheritdoc/>
    public override byte Precision
    {
        get => _precision;
        set => _precision = value;
    }

    /// <inheritdoc/>
    public override byte Scale
    {
        get => _scale;
        set => _scale = value;
    }

    /// <summary>Characters of text or bytes of binary data that are sent at most; 0 and negative send all. Default: 0.</summary>
    public override int Size
    {
        get => _size;
        set => _size = value;
    }

    /// <inheritdoc/>
    [AllowNull]
    public override string SourceColumn
    {
        get => _sourceColumn;
        set => _sourceColumn = value ?? "";
    }

    /// <inheritdoc/>
    public override bool SourceColumnNullMapping
    {
        get => _sourceColumnNullMapping;
        set => _sourceColumnNullMapping = value;
    }

    /// <inheritdoc/>
    public override DataRowVersion SourceVersion
    {
        get => (DataRowVersion)_sourceVersion;
        set => _sourceVersion = (short)value;
    }

    /// <inheritdoc/>
    public override void ResetDbType() => _dbType = Inferred;

    /// <summary>Leaves the type to the value again, as <see cref="ResetDbType"/> does.</summary>
    public void ResetLsmType() => ResetDbType();

    /// <summary>The type that was asked for; null when it follows from the value.</summary>
    private protected DbType? DeclaredDbType => _dbType == Inferred ? null : (DbType)_dbType;

    /// <summary>The value as the dialect holds it.</summary>
    /// <exception cref="InvalidOperationException">The value is null, which is not DBNull.</exception>
    /// <exception cref="NotSupportedException">The value's type is none of the dialect's.</exception>
    internal abstract void Bind(out SqlValue value);

    private protected abstract DbType InferDbType();

    /// <summary>Cuts text and binary data to <see cref="Size"/>.</summary>
    private protected object Sized(object value) => value switch
    {
        string text when _size > 0 && text.Length > _size => text[.._size],
        byte[] bytes when _size > 0 && bytes.Length > _size => bytes[.._size],
        _ => value,
    };

    private protected InvalidOperationException NullValue() =>
        new($"Parameter '{_name}' has no value. Set Value; for the SQL NULL set it to DBNull.Value.");
}
