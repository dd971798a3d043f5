using System.Globalization;
using System.Numerics;
using System.Text;
using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Transfers;

/// <summary>Turns a field into the value of a column. The way is chosen once, from the column's type.</summary>
internal sealed class ColumnParser
{
    private readonly Func<string, object?> _parse;

    private ColumnParser(string name, string typeName, Func<string, object?> parse)
    {
        Name = name;
        TypeName = typeName;
        _parse = parse;
    }

    public string Name { get; }

    /// <summary>The declared type, as the dialect names it.</summary>
    public string TypeName { get; }

    public static ColumnParser Create(string name, string typeName, Type type) => new(name, typeName, For(type));

    /// <summary>Reads a field into a value (null for NULL); false when it is none of this column's type.</summary>
    public bool TryParse(string field, out object? value)
    {
        if (!TsvField.TryRead(field, out value))
        {
            return false;
        }

        switch (value)
        {
            case null:
                return true;
            case byte[]:
                return _parse == BytesOfText || _parse == Same;
            default:
                value = _parse((string)value);
                return value is not null;
        }
    }

    private static Func<string, object?> For(Type type)
    {
        if (type == typeof(byte[]))
        {
            return BytesOfText;
        }

        if (type == typeof(object))
        {
            return Same;
        }

        if (type == typeof(string))
        {
            return Text;
        }

        if (type == typeof(bool))
        {
            return Boolean;
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => Number<sbyte>,
            TypeCode.Byte => Number<byte>,
            TypeCode.Int16 => Number<short>,
            TypeCode.UInt16 => Number<ushort>,
            TypeCode.Int32 => Number<int>,
            TypeCode.UInt32 => Number<uint>,
            TypeCode.Int64 => Number<long>,
            TypeCode.UInt64 => Number<ulong>,
            TypeCode.Single => Number<float>,
            TypeCode.Double => Number<double>,
            TypeCode.Decimal => Number<decimal>,
            _ when type == typeof(Guid) => static text => Guid.TryParse(text, out var value) ? value : null,
            _ when type == typeof(DateOnly) => static text => DateOnly.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null,
            _ when type == typeof(TimeOnly) => static text => TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null,
            _ when type == typeof(TimeSpan) => static text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null,
            _ when type == typeof(DateTime) => static text => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value) ? value : null,
            _ when type == typeof(DateTimeOffset) => static text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null,
            _ => throw new NotSupportedException($"A column of type {type.Name} cannot be imported."),
        };
    }

    private static object? Same(string text) => text;

    private static object? Text(string text) => text;

    private static object? BytesOfText(string text) => Encoding.UTF8.GetBytes(text);

    private static object? Boolean(string text) => text.ToLowerInvariant() switch
    {
        "true" or "t" or "1" => true,
        "false" or "f" or "0" => false,
        _ => null,
    };

    private static object? Number<T>(string text) where T : struct, INumber<T> =>
        T.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value : null;
}
