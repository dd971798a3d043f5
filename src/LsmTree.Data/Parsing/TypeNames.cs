using System.Collections.Frozen;
using System.Globalization;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Parsing;

/// <summary>The types of the dialect by all their names. None of the names is reserved.</summary>
internal static class TypeNames
{
    private static readonly FrozenDictionary<string, SqlType> s_types = new Dictionary<string, SqlType>
    {
        ["ANY"] = SqlType.Any,
        ["BLOB"] = SqlType.Blob,
        ["BYTEA"] = SqlType.Blob,
        ["BINARY"] = SqlType.Blob,
        ["VARBINARY"] = SqlType.Blob,
        ["BINARY VARYING"] = SqlType.Blob,
        ["TEXT"] = SqlType.Text,
        ["STRING"] = SqlType.Text,
        ["VARCHAR"] = SqlType.Text,
        ["NVARCHAR"] = SqlType.Text,
        ["CHAR"] = SqlType.Text,
        ["NCHAR"] = SqlType.Text,
        ["CHARACTER"] = SqlType.Text,
        ["CHARACTER VARYING"] = SqlType.Text,
        ["BOOLEAN"] = SqlType.Boolean,
        ["BOOL"] = SqlType.Boolean,
        ["UINT8"] = SqlType.UInt8,
        ["BYTE"] = SqlType.UInt8,
        ["TINYINT UNSIGNED"] = SqlType.UInt8,
        ["INT8"] = SqlType.Int8,
        ["SBYTE"] = SqlType.Int8,
        ["SMALLINT"] = SqlType.Int16,
        ["INT16"] = SqlType.Int16,
        ["UINT16"] = SqlType.UInt16,
        ["SMALLINT UNSIGNED"] = SqlType.UInt16,
        ["INTEGER"] = SqlType.Int32,
        ["INT"] = SqlType.Int32,
        ["INT32"] = SqlType.Int32,
        ["UINT32"] = SqlType.UInt32,
        ["INTEGER UNSIGNED"] = SqlType.UInt32,
        ["INT UNSIGNED"] = SqlType.UInt32,
        ["BIGINT"] = SqlType.Int64,
        ["INT64"] = SqlType.Int64,
        ["UINT64"] = SqlType.UInt64,
        ["BIGINT UNSIGNED"] = SqlType.UInt64,
        ["REAL"] = SqlType.Real,
        ["SINGLE"] = SqlType.Real,
        ["FLOAT4"] = SqlType.Real,
        ["DOUBLE PRECISION"] = SqlType.Double,
        ["DOUBLE"] = SqlType.Double,
        ["FLOAT"] = SqlType.Double,
        ["FLOAT8"] = SqlType.Double,
        ["DECIMAL"] = SqlType.Decimal,
        ["NUMERIC"] = SqlType.Decimal,
        ["DEC"] = SqlType.Decimal,
        ["MONEY"] = SqlType.Money,
        ["CURRENCY"] = SqlType.Money,
        ["UUID"] = SqlType.Uuid,
        ["GUID"] = SqlType.Uuid,
        ["UNIQUEIDENTIFIER"] = SqlType.Uuid,
        ["DATE"] = SqlType.Date,
        ["TIME"] = SqlType.Time,
        ["TIME WITHOUT TIME ZONE"] = SqlType.Time,
        ["TIMESTAMP"] = SqlType.Timestamp,
        ["DATETIME"] = SqlType.Timestamp,
        ["DATETIME2"] = SqlType.Timestamp,
        ["TIMESTAMP WITHOUT TIME ZONE"] = SqlType.Timestamp,
        ["TIMESTAMPTZ"] = SqlType.TimestampTz,
        ["DATETIMEOFFSET"] = SqlType.TimestampTz,
        ["TIMESTAMP WITH TIME ZONE"] = SqlType.TimestampTz,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Digits that every <see cref="decimal"/> can hold.</summary>
    private const int DecimalDigits = 28;

    public static TypeName Of(LsmSqlParser.TypeNameContext context, SourceText source)
    {
        var name = string.Join(' ', context.typeWord().Select(static word => word.GetText()).Prepend(context.IDENTIFIER().GetText()));
        if (!s_types.TryGetValue(name, out var type))
        {
            throw source.Error(LsmErrorCode.Syntax, $"there is no type '{name}'", context.Start, Hint(name));
        }

        var typeName = new TypeName(source.PlaceOf(context), type, source.Slice(context));
        return context.typeArguments() is { } arguments ? WithArguments(typeName, arguments, source) : typeName;
    }

    private static string? Hint(string name) => name.Equals("TINYINT", StringComparison.OrdinalIgnoreCase)
        ? "write UINT8 for 0 to 255, INT8 for -128 to 127"
        : NearestWord.Of(name, s_types.Keys) is { } nearest ? $"did you mean {nearest}?" : "the types are BLOB, TEXT, BOOLEAN, INTEGER, BIGINT, DOUBLE, DECIMAL, UUID, DATE, TIMESTAMP, ANY and more";

    private static TypeName WithArguments(TypeName type, LsmSqlParser.TypeArgumentsContext context, SourceText source)
    {
        var written = context.INTEGER();
        var first = Number(written[0].GetText());
        var second = written.Length > 1 ? Number(written[1].GetText()) : 0;
        switch (type.Type)
        {
            case SqlType.Decimal when first is >= 1 and <= DecimalDigits && second <= first:
                return type with { Precision = first, Scale = second };
            case SqlType.Decimal:
                throw source.Error(LsmErrorCode.InvalidDefinition, $"DECIMAL has 1 to {DecimalDigits} digits, of which none to all stand behind the point", context.Start);
            case SqlType.Text or SqlType.Blob when written.Length == 1 && first is >= 1 and < int.MaxValue:
                return type with { Length = first };
            case SqlType.Text or SqlType.Blob:
                throw source.Error(LsmErrorCode.InvalidDefinition, "the length of a type is one number from 1", context.Start);
            default:
                throw source.Error(LsmErrorCode.InvalidDefinition, $"{type.Text} takes no numbers", context.Start, "DECIMAL(p, s) and VARCHAR(n) do");
        }
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
