using LsmTree.Data.Rows;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

/// <summary>Layouts of tables for tests: key columns first, the others after them.</summary>
internal static class Shapes
{
    public static RowShape Of(SqlType[] key, SqlType[] row, int scale = -1) => new(
        tableId: 7,
        isRaw: false,
        [.. key.Select((type, i) => new StoredColumn(i, type, type == SqlType.Decimal ? scale : -1))],
        [.. row.Select((type, i) => new StoredColumn(key.Length + i, type))]);

    public static byte[] KeyOf(RowShape shape, params SqlValue[] row)
    {
        var key = new KeyWriter(stackalloc byte[8]);
        try
        {
            shape.WriteKey(ref key, row);
            return key.Written.ToArray();
        }
        finally
        {
            key.Dispose();
        }
    }

    public static byte[] RowOf(RowShape shape, params SqlValue[] row)
    {
        var writer = new RowWriter(stackalloc byte[8]);
        try
        {
            writer.Write(shape, row);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    public static string Show(IEnumerable<SqlValue> values) =>
        string.Join(", ", values.Select(static value => value.IsNull ? "NULL" : $"{value.Type} {Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(ValueFormat.ToText(value)))} {ValueFormat.ToText(value)}"));

    /// <summary>Equal and alike: type, scale, offset and all.</summary>
    public static bool AreSame(in SqlValue left, in SqlValue right) => left.Type == right.Type && (left.IsNull || left.Type switch
    {
        SqlType.Decimal => decimal.GetBits(left.AsDecimal()).AsSpan().SequenceEqual(decimal.GetBits(right.AsDecimal())) || (left.AsDecimal() == 0 && left.AsDecimal().Scale == right.AsDecimal().Scale),
        SqlType.TimestampTz => left.AsTimestampTz().EqualsExact(right.AsTimestampTz()),
        SqlType.Real or SqlType.Double => left.AsDouble().Equals(right.AsDouble()),
        _ => Comparison.CompareForSort(left, right) == 0,
    });
}
