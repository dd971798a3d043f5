using System.Globalization;

namespace LsmTree.Data.Values;

/// <summary>A value as text, in PostgreSQL's formats and whatever the culture: what CAST(… AS TEXT) and <c>||</c> give.</summary>
/// <example>
/// <c>true</c>, <c>-7</c>, <c>1.50</c>, <c>1e+20</c>, <c>Infinity</c>, <c>2024-02-29</c>, <c>13:30:00.25</c>, <c>2024-02-29 13:30:00</c>,
/// <c>2024-02-29 13:30:00+05:30</c>, <c>0f8fad5b-d9cb-469f-a165-70867728950e</c>, and a BLOB in hexadecimal: <c>\x00ff</c>.
/// </example>
internal static class ValueFormat
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    /// <summary>The text of any value but NULL, which is shown as <c>NULL</c>.</summary>
    public static string ToText(in SqlValue value) => value.Type switch
    {
        SqlType.Null => "NULL",
        SqlType.Boolean => value.AsBoolean() ? "true" : "false",
        SqlType.UInt64 => value.AsUInt64().ToString(s_invariant),
        SqlType.Real => OfFloating(value.AsReal().ToString("R", s_invariant)),
        SqlType.Double => OfFloating(value.AsDouble().ToString("R", s_invariant)),
        SqlType.Decimal or SqlType.Money => value.AsDecimal().ToString(s_invariant),
        SqlType.Date => value.AsDate().ToString("yyyy-MM-dd", s_invariant),
        SqlType.Time => new TimeOnly(value.AsTimeTicks()).ToString("HH:mm:ss.FFFFFFF", s_invariant),
        SqlType.Timestamp => value.AsTimestamp().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", s_invariant),
        SqlType.TimestampTz => value.AsTimestampTz().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", s_invariant) + OfOffset(value.AsOffsetMinutes()),
        SqlType.Uuid => value.AsUuid().ToString("D"),
        SqlType.Text => value.AsString(),
        SqlType.Blob => @"\x" + System.Convert.ToHexStringLower(value.AsSpan()),
        _ => value.AsInt64().ToString(s_invariant),
    };

    /// <summary>The base library writes 1E+20 where PostgreSQL writes 1e+20; the names of what is not finite are the same.</summary>
    private static string OfFloating(string text) => text.Replace('E', 'e');

    private static string OfOffset(int minutes)
    {
        var magnitude = Math.Abs(minutes);
        var sign = minutes < 0 ? '-' : '+';
        return magnitude % 60 == 0
            ? string.Create(s_invariant, $"{sign}{magnitude / 60:00}")
            : string.Create(s_invariant, $"{sign}{magnitude / 60:00}:{magnitude % 60:00}");
    }
}
