using System.Collections.Frozen;
using System.Data;
using System.Globalization;

namespace LsmTree.Data.Values;

/// <summary>What is known about each type, in one table: names, CLR and ADO.NET counterparts, class, width.</summary>
internal static class SqlTypes
{
    /// <summary>The most digits of a DECIMAL(p, s): what every <see cref="decimal"/> of that many digits can hold.</summary>
    public const int MaxDecimalPrecision = 28;

    private static readonly Facts[] s_facts = CreateFacts();

    private static readonly FrozenDictionary<string, SqlType> s_byName = CreateNames();

    /// <summary>Every name that <see cref="TryFromName"/> knows, in upper case: for suggestions and metadata.</summary>
    public static IReadOnlyCollection<string> Names => s_byName.Keys;

    /// <summary>The dialect's word for a type.</summary>
    public static string NameOf(SqlType type) => FactsOf(type).Name;

    /// <summary>A declared type as text, such as <c>DECIMAL(10,2)</c> or <c>VARCHAR(20)</c>.</summary>
    public static string NameOf(SqlType type, int precision, int scale, int length) => (type, precision, length) switch
    {
        (SqlType.Decimal, > 0, _) => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({precision},{scale})"),
        (SqlType.Text, _, > 0) => string.Create(CultureInfo.InvariantCulture, $"VARCHAR({length})"),
        (SqlType.Blob, _, > 0) => string.Create(CultureInfo.InvariantCulture, $"VARBINARY({length})"),
        _ => NameOf(type),
    };

    /// <summary>The type by any of its names, whatever the case; words of a longer name are separated by one space.</summary>
    public static bool TryFromName(string name, out SqlType type) => s_byName.TryGetValue(name, out type);

    /// <summary>What <see cref="Conversion.ToClr"/> gives for the type; <see cref="object"/> for ANY and NULL.</summary>
    public static Type ClrTypeOf(SqlType type) => FactsOf(type).ClrType;

    public static DbType DbTypeOf(SqlType type) => FactsOf(type).DbType;

    public static TypeClass ClassOf(SqlType type) => FactsOf(type).Class;

    /// <summary>The bytes of a key column of the type; 0 when they depend on the value.</summary>
    public static int KeyWidthOf(SqlType type) => FactsOf(type).KeyWidth;

    public static bool IsNumeric(SqlType type) => type is >= SqlType.UInt8 and <= SqlType.Money;

    public static bool IsInteger(SqlType type) => type is >= SqlType.UInt8 and <= SqlType.UInt64;

    public static bool IsUnsigned(SqlType type) => type is SqlType.UInt8 or SqlType.UInt16 or SqlType.UInt32 or SqlType.UInt64;

    public static bool IsFloating(SqlType type) => type is SqlType.Real or SqlType.Double;

    /// <summary>True for a number that <see cref="decimal"/> holds.</summary>
    public static bool IsDecimal(SqlType type) => type is SqlType.Decimal or SqlType.Money;

    /// <summary>The native type that a <see cref="DbType"/> names; ANY for <see cref="DbType.Object"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is no <see cref="DbType"/>.</exception>
    public static SqlType FromDbType(DbType type) => type switch
    {
        DbType.Binary => SqlType.Blob,
        DbType.AnsiString or DbType.AnsiStringFixedLength or DbType.String or DbType.StringFixedLength or DbType.Xml => SqlType.Text,
        DbType.Boolean => SqlType.Boolean,
        DbType.Byte => SqlType.UInt8,
        DbType.SByte => SqlType.Int8,
        DbType.Int16 => SqlType.Int16,
        DbType.UInt16 => SqlType.UInt16,
        DbType.Int32 => SqlType.Int32,
        DbType.UInt32 => SqlType.UInt32,
        DbType.Int64 => SqlType.Int64,
        DbType.UInt64 => SqlType.UInt64,
        DbType.Single => SqlType.Real,
        DbType.Double => SqlType.Double,
        DbType.Decimal or DbType.VarNumeric => SqlType.Decimal,
        DbType.Currency => SqlType.Money,
        DbType.Guid => SqlType.Uuid,
        DbType.Date => SqlType.Date,
        DbType.Time => SqlType.Time,
        DbType.DateTime or DbType.DateTime2 => SqlType.Timestamp,
        DbType.DateTimeOffset => SqlType.TimestampTz,
        DbType.Object => SqlType.Any,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This is not a DbType."),
    };

    /// <summary>
    /// The type that holds values of both, for UNION, CASE and COALESCE: the wider number (DOUBLE beats DECIMAL beats integers), the more precise
    /// moment, ANY beside anything, the other type beside NULL. False when the two have nothing in common.
    /// </summary>
    public static bool TryCommonType(SqlType left, SqlType right, out SqlType common)
    {
        if (left == right || right == SqlType.Null)
        {
            common = left;
            return true;
        }

        if (left == SqlType.Null)
        {
            common = right;
            return true;
        }

        if (left == SqlType.Any || right == SqlType.Any)
        {
            common = SqlType.Any;
            return true;
        }

        common = (ClassOf(left), ClassOf(right)) switch
        {
            (TypeClass.Number, TypeClass.Number) => CommonNumber(left, right),
            (TypeClass.Moment, TypeClass.Moment) => left > right ? left : right,
            (TypeClass.Bytes, TypeClass.Bytes) => SqlType.Blob,
            _ => SqlType.Null,
        };
        return common != SqlType.Null;
    }

    /// <summary>The number type in which two number types meet, as PostgreSQL promotes; the unsigned types, which it lacks, meet signed ones in the next wider.</summary>
    public static SqlType CommonNumber(SqlType left, SqlType right)
    {
        if (left == right)
        {
            return left;
        }

        if (IsFloating(left) || IsFloating(right))
        {
            return SqlType.Double;
        }

        if (IsDecimal(left) || IsDecimal(right))
        {
            return SqlType.Decimal;
        }

        var wider = Math.Max(KeyWidthOf(left), KeyWidthOf(right));
        if (IsUnsigned(left) == IsUnsigned(right))
        {
            return KeyWidthOf(left) == wider ? left : right;
        }

        var (signed, unsigned) = IsUnsigned(left) ? (right, left) : (left, right);
        return KeyWidthOf(signed) > KeyWidthOf(unsigned) ? signed : KeyWidthOf(unsigned) switch
        {
            1 => SqlType.Int16,
            2 => SqlType.Int32,
            4 => SqlType.Int64,
            _ => SqlType.Decimal,
        };
    }

    private static Facts FactsOf(SqlType type) => s_facts[(int)type];

    private static Facts[] CreateFacts()
    {
        var facts = new Facts[(int)SqlType.Any + 1];
        facts[(int)SqlType.Null] = new Facts("NULL", typeof(object), DbType.Object, TypeClass.Null, 0);
        facts[(int)SqlType.Boolean] = new Facts("BOOLEAN", typeof(bool), DbType.Boolean, TypeClass.Boolean, 1);
        facts[(int)SqlType.UInt8] = new Facts("UINT8", typeof(byte), DbType.Byte, TypeClass.Number, 1);
        facts[(int)SqlType.Int8] = new Facts("INT8", typeof(sbyte), DbType.SByte, TypeClass.Number, 1);
        facts[(int)SqlType.Int16] = new Facts("SMALLINT", typeof(short), DbType.Int16, TypeClass.Number, 2);
        facts[(int)SqlType.UInt16] = new Facts("UINT16", typeof(ushort), DbType.UInt16, TypeClass.Number, 2);
        facts[(int)SqlType.Int32] = new Facts("INTEGER", typeof(int), DbType.Int32, TypeClass.Number, 4);
        facts[(int)SqlType.UInt32] = new Facts("UINT32", typeof(uint), DbType.UInt32, TypeClass.Number, 4);
        facts[(int)SqlType.Int64] = new Facts("BIGINT", typeof(long), DbType.Int64, TypeClass.Number, 8);
        facts[(int)SqlType.UInt64] = new Facts("UINT64", typeof(ulong), DbType.UInt64, TypeClass.Number, 8);
        facts[(int)SqlType.Real] = new Facts("REAL", typeof(float), DbType.Single, TypeClass.Number, 4);
        facts[(int)SqlType.Double] = new Facts("DOUBLE", typeof(double), DbType.Double, TypeClass.Number, 8);
        facts[(int)SqlType.Decimal] = new Facts("DECIMAL", typeof(decimal), DbType.Decimal, TypeClass.Number, 0);
        facts[(int)SqlType.Money] = new Facts("MONEY", typeof(decimal), DbType.Currency, TypeClass.Number, 8);
        facts[(int)SqlType.Date] = new Facts("DATE", typeof(DateTime), DbType.Date, TypeClass.Moment, 4);
        facts[(int)SqlType.Time] = new Facts("TIME", typeof(TimeSpan), DbType.Time, TypeClass.Time, 8);
        facts[(int)SqlType.Timestamp] = new Facts("TIMESTAMP", typeof(DateTime), DbType.DateTime, TypeClass.Moment, 8);
        facts[(int)SqlType.TimestampTz] = new Facts("TIMESTAMPTZ", typeof(DateTimeOffset), DbType.DateTimeOffset, TypeClass.Moment, 8);
        facts[(int)SqlType.Uuid] = new Facts("UUID", typeof(Guid), DbType.Guid, TypeClass.Uuid, 16);
        facts[(int)SqlType.Text] = new Facts("TEXT", typeof(string), DbType.String, TypeClass.Bytes, 0);
        facts[(int)SqlType.Blob] = new Facts("BLOB", typeof(byte[]), DbType.Binary, TypeClass.Bytes, 0);
        facts[(int)SqlType.Any] = new Facts("ANY", typeof(object), DbType.Object, TypeClass.Any, 0);
        return facts;
    }

    private static FrozenDictionary<string, SqlType> CreateNames()
    {
        (SqlType Type, string[] Names)[] synonyms =
        [
            (SqlType.Boolean, ["BOOLEAN", "BOOL"]),
            (SqlType.UInt8, ["UINT8", "BYTE", "TINYINT UNSIGNED"]),
            (SqlType.Int8, ["INT8", "SBYTE"]),
            (SqlType.Int16, ["SMALLINT", "INT16", "INT2"]),
            (SqlType.UInt16, ["UINT16", "SMALLINT UNSIGNED"]),
            (SqlType.Int32, ["INTEGER", "INT", "INT32", "INT4"]),
            (SqlType.UInt32, ["UINT32", "INTEGER UNSIGNED", "INT UNSIGNED"]),
            (SqlType.Int64, ["BIGINT", "INT64"]),
            (SqlType.UInt64, ["UINT64", "BIGINT UNSIGNED"]),
            (SqlType.Real, ["REAL", "SINGLE", "FLOAT4"]),
            (SqlType.Double, ["DOUBLE", "DOUBLE PRECISION", "FLOAT", "FLOAT8"]),
            (SqlType.Decimal, ["DECIMAL", "NUMERIC", "DEC"]),
            (SqlType.Money, ["MONEY", "CURRENCY"]),
            (SqlType.Date, ["DATE"]),
            (SqlType.Time, ["TIME", "TIME WITHOUT TIME ZONE"]),
            (SqlType.Timestamp, ["TIMESTAMP", "DATETIME", "DATETIME2", "TIMESTAMP WITHOUT TIME ZONE"]),
            (SqlType.TimestampTz, ["TIMESTAMPTZ", "DATETIMEOFFSET", "TIMESTAMP WITH TIME ZONE"]),
            (SqlType.Uuid, ["UUID", "GUID", "UNIQUEIDENTIFIER"]),
            (SqlType.Text, ["TEXT", "STRING", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR", "CHARACTER", "CHARACTER VARYING"]),
            (SqlType.Blob, ["BLOB", "BYTEA", "BINARY", "VARBINARY", "BINARY VARYING"]),
            (SqlType.Any, ["ANY"]),
        ];
        return synonyms
            .SelectMany(static entry => entry.Names.Select(name => KeyValuePair.Create(name, entry.Type)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private sealed record Facts(string Name, Type ClrType, DbType DbType, TypeClass Class, int KeyWidth);
}
