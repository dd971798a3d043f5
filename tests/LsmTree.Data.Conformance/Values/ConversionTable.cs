using System.Globalization;

namespace LsmTree.Data.Conformance.Values;

/// <summary>
/// The conversion matrix as it can be read: a row for each stored type, a column for each accessor. <c>=</c> gives the value itself,
/// <c>n</c> the number as the accessor's type (OverflowException when it does not fit), <c>s</c> a special case spelled out below, and
/// <c>.</c> is InvalidCastException.
/// </summary>
internal static class ConversionTable
{
    private const string Text = """
                        Bool Byte SByte Char DateTime Offset DateOnly TimeOnly TimeSpan Decimal Double Float Guid I16 I32 I64 U16 U32 U64 String Bytes
        Binary          .    .    .     .    .        .      .        .        .        .       .      .     .    .   .   .   .   .   .   .      =
        Boolean         =    .    .     .    .        .      .        .        .        .       .      .     .    .   .   .   .   .   .   .      .
        Byte            .    =    n     .    .        .      .        .        .        n       n      n     .    n   n   n   n   n   n   .      .
        SByte           .    .    =     .    .        .      .        .        .        n       n      n     .    n   n   n   n   n   n   .      .
        Int16           .    .    n     .    .        .      .        .        .        n       n      n     .    =   n   n   n   n   n   .      .
        Int32           .    .    n     .    .        .      .        .        .        n       n      n     .    n   =   n   n   n   n   .      .
        Int64           .    .    n     .    .        .      .        .        .        n       n      n     .    n   n   =   n   n   n   .      .
        UInt16          .    .    n     .    .        .      .        .        .        n       n      n     .    n   n   n   =   n   n   .      .
        UInt32          .    .    n     .    .        .      .        .        .        n       n      n     .    n   n   n   n   =   n   .      .
        UInt64          .    .    n     .    .        .      .        .        .        n       n      n     .    n   n   n   n   n   =   .      .
        Single          .    .    .     .    .        .      .        .        .        .       n      =     .    .   .   .   .   .   .   .      .
        Double          .    .    .     .    .        .      .        .        .        .       =      .     .    .   .   .   .   .   .   .      .
        Decimal         .    .    .     .    .        .      .        .        .        =       n      n     .    .   .   .   .   .   .   .      .
        Currency        .    .    .     .    .        .      .        .        .        =       n      n     .    .   .   .   .   .   .   .      .
        Guid            .    .    .     .    .        .      .        .        .        .       .      .     =    .   .   .   .   .   .   .      .
        String          .    .    .     s    .        .      .        .        .        .       .      .     .    .   .   .   .   .   .   =      .
        Date            .    .    .     .    =        .      s        .        .        .       .      .     .    .   .   .   .   .   .   .      .
        DateTime        .    .    .     .    =        .      s        .        .        .       .      .     .    .   .   .   .   .   .   .      .
        DateTimeOffset  .    .    .     .    .        =      .        .        .        .       .      .     .    .   .   .   .   .   .   .      .
        Time            .    .    .     .    .        .      .        s        =        .       .      .     .    .   .   .   .   .   .   .      .
        """;

    private static readonly Dictionary<(DbType Type, string Accessor), char> s_cells = Read();

    public static IReadOnlyList<string> Accessors { get; } = Lines()[0];

    /// <summary>What an accessor gives for a value: an object, or the type of an exception.</summary>
    public static object Expected(DbType type, string accessor, object? value)
    {
        if (value is null)
        {
            return typeof(InvalidCastException);
        }

        return s_cells[(type, accessor)] switch
        {
            '=' => value,
            'n' => Number(accessor, value),
            's' => Special(accessor, value),
            _ => typeof(InvalidCastException),
        };
    }

    private static object Number(string accessor, object value)
    {
        try
        {
            var number = (IConvertible)value;
            return accessor switch
            {
                "SByte" => number.ToSByte(CultureInfo.InvariantCulture),
                "I16" => number.ToInt16(CultureInfo.InvariantCulture),
                "I32" => number.ToInt32(CultureInfo.InvariantCulture),
                "I64" => number.ToInt64(CultureInfo.InvariantCulture),
                "U16" => number.ToUInt16(CultureInfo.InvariantCulture),
                "U32" => number.ToUInt32(CultureInfo.InvariantCulture),
                "U64" => number.ToUInt64(CultureInfo.InvariantCulture),
                "Decimal" => number.ToDecimal(CultureInfo.InvariantCulture),
                "Double" => number.ToDouble(CultureInfo.InvariantCulture),
                "Float" => number.ToSingle(CultureInfo.InvariantCulture),
                _ => throw new ArgumentOutOfRangeException(nameof(accessor), accessor, null),
            };
        }
        catch (OverflowException)
        {
            return typeof(OverflowException);
        }
    }

    private static object Special(string accessor, object value) => (accessor, value) switch
    {
        ("Char", string { Length: > 0 } text) => text[0],
        ("Char", string) => typeof(InvalidCastException),
        ("DateOnly", DateTime moment) when moment.TimeOfDay == TimeSpan.Zero => DateOnly.FromDateTime(moment),
        ("DateOnly", DateTime) => typeof(InvalidCastException),
        ("TimeOnly", TimeSpan time) => TimeOnly.FromTimeSpan(time),
        _ => throw new ArgumentOutOfRangeException(nameof(accessor), accessor, null),
    };

    private static Dictionary<(DbType, string), char> Read()
    {
        var lines = Lines();
        return lines.Skip(1)
            .SelectMany(line => lines[0].Zip(line.Skip(1), (accessor, cell) => KeyValuePair.Create((Enum.Parse<DbType>(line[0]), accessor), cell.Single())))
            .ToDictionary();
    }

    private static string[][] Lines() => [.. Text.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
