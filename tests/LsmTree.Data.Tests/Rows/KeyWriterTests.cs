using LsmTree.Data.Rows;
using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

public sealed class KeyWriterTests
{
    [Theory]
    [InlineData("BOOLEAN", "false", "00")]
    [InlineData("BOOLEAN", "true", "01")]
    [InlineData("UINT8", "200", "C8")]
    [InlineData("INT8", "-1", "7F")]
    [InlineData("SMALLINT", "-32768", "00 00")]
    [InlineData("UINT16", "258", "01 02")]
    [InlineData("INTEGER", "0", "80 00 00 00")]
    [InlineData("INTEGER", "-1", "7F FF FF FF")]
    [InlineData("UINT32", "4294967295", "FF FF FF FF")]
    [InlineData("BIGINT", "1", "80 00 00 00 00 00 00 01")]
    [InlineData("UINT64", "1", "00 00 00 00 00 00 00 01")]
    [InlineData("REAL", "1", "BF 80 00 00")]
    [InlineData("REAL", "-1", "40 7F FF FF")]
    [InlineData("DOUBLE", "0", "80 00 00 00 00 00 00 00")]
    [InlineData("DOUBLE", "-0", "80 00 00 00 00 00 00 00")]
    [InlineData("DECIMAL", "0.00", "80")]
    [InlineData("DECIMAL", "1", "C1 02")]
    [InlineData("DECIMAL", "1.00", "C1 02")]
    [InlineData("DECIMAL", "5", "C1 0A")]
    [InlineData("DECIMAL", "100", "C2 02")]
    [InlineData("DECIMAL", "1.5", "C1 03 64")]
    [InlineData("DECIMAL", "-5", "3E F5")]
    [InlineData("DECIMAL", "0.05", "C0 0A")]
    [InlineData("MONEY", "-0.0001", "7F FF FF FF FF FF FF FF")]
    [InlineData("DATE", "0001-01-02", "00 00 00 01")]
    [InlineData("TIME", "00:00:00.0000256", "00 00 00 00 00 00 01 00")]
    [InlineData("TIMESTAMP", "0001-01-01 00:00:00.0000001", "00 00 00 00 00 00 00 01")]
    [InlineData("TIMESTAMPTZ", "0001-01-01 01:00:00.0000001+01:00", "00 00 00 00 00 00 00 01")]
    [InlineData("UUID", "00112233-4455-6677-8899-aabbccddeeff", "00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF")]
    public void Columns_are_written_as_the_format_page_says(string type, string text, string expected)
    {
        Assert.True(SqlTypes.TryFromName(type, out var columnType));
        var value = ValueParser.Parse(text, columnType);
        Assert.Equal(expected, KeyOf(value, columnType, isLast: true));
        Assert.Equal(expected, KeyOf(value, columnType, isLast: false));
        var typeClass = SqlTypes.ClassOf(columnType);
        if (typeClass is not (TypeClass.Number or TypeClass.Moment))
        {
            Assert.Equal($"{(int)typeClass:X2} {expected}", KeyOf(value, SqlType.Any, isLast: true));
        }
    }

    [Theory]
    [InlineData("78", "78", "78 00 01")]
    [InlineData("", "", "00 01")]
    [InlineData("00", "00", "00 FF 00 01")]
    [InlineData("61 00 00 62", "61 00 00 62", "61 00 FF 00 FF 62 00 01")]
    public void Bytes_are_raw_at_the_end_and_escaped_before_another_column(string bytes, string last, string before)
    {
        var blob = SqlValue.FromBlob(HexText.Parse(bytes));
        Assert.Equal(last, KeyOf(blob, SqlType.Blob, isLast: true));
        Assert.Equal(before, KeyOf(blob, SqlType.Blob, isLast: false));
        Assert.Equal(before, KeyOf(blob.SliceAsText(), SqlType.Text, isLast: false));
        Assert.Equal("60 " + before, KeyOf(blob, SqlType.Any, isLast: false));
    }

    [Fact]
    public void The_worked_examples()
    {
        Assert.Equal("00 00 00 02 78 00 01 7F FF FF FF", HexText.Of(Shapes.KeyOf(
            new RowShape(2, false, [new StoredColumn(0, SqlType.Text), new StoredColumn(1, SqlType.Int32)], []),
            SqlValue.FromText("x"),
            SqlValue.FromInt32(-1))));
        Assert.Equal("00 00 00 01 60 75 73 65 72 3A 31", HexText.Of(Shapes.KeyOf(
            new RowShape(1, false, [new StoredColumn(0, SqlType.Any)], []),
            SqlValue.FromText("user:1"))));
    }

    [Fact]
    public void In_any_equal_values_of_all_types_are_one_key()
    {
        SqlValue[][] groups =
        [
            [SqlValue.FromInt32(5), SqlValue.FromInt64(5), SqlValue.FromInteger(SqlType.UInt64, 5), SqlValue.FromDecimal(5.0m), SqlValue.FromMoney(5), SqlValue.FromReal(5), SqlValue.FromDouble(5)],
            [SqlValue.FromReal(0.5f), SqlValue.FromDouble(0.5), SqlValue.FromDecimal(0.50m)],
            [SqlValue.FromText("hi"), RandomUtf8("hi"), SqlValue.FromBlob("hi"u8.ToArray())],
            [SqlValue.FromDate(new DateOnly(2024, 1, 1)), SqlValue.FromTimestamp(new DateTime(2024, 1, 1)), SqlValue.FromTimestampTz(new DateTimeOffset(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)))],
            [SqlValue.FromDouble(-0.0), SqlValue.FromInt32(0), SqlValue.FromDecimal(-0.0m)],
        ];
        foreach (var group in groups)
        {
            Assert.Single(group.Select(static value => KeyOf(value, SqlType.Any, isLast: false)).Distinct());
        }
    }

    [Fact]
    public void Nan_is_refused()
    {
        foreach (var (value, type) in new[] { (SqlValue.FromReal(float.NaN), SqlType.Real), (SqlValue.FromDouble(double.NaN), SqlType.Double), (SqlValue.FromDouble(double.NaN), SqlType.Any) })
        {
            Assert.Equal("22003", Assert.Throws<LsmException>(() => KeyOf(value, type, isLast: true)).SqlState);
        }
    }

    [Fact]
    public void An_unpaired_surrogate_is_refused() =>
        Assert.Equal("22018", Assert.Throws<LsmException>(static () => KeyOf(SqlValue.FromText("\udc00"), SqlType.Text, isLast: true)).SqlState);

    [Fact]
    public void A_long_key_outgrows_the_callers_span()
    {
        var text = new string('é', 5000);
        Assert.Equal(HexText.Of(System.Text.Encoding.UTF8.GetBytes(text)), KeyOf(SqlValue.FromText(text), SqlType.Text, isLast: true));
    }

    [Theory]
    [InlineData("00 00 00 01", "00 00 00 02")]
    [InlineData("61 FF FF", "62")]
    [InlineData("FE FF", "FF")]
    [InlineData("FF FF", null)]
    [InlineData("", null)]
    public void Increment_gives_the_least_key_above_the_prefix(string prefix, string? expected)
    {
        var key = new KeyWriter(stackalloc byte[16]);
        key.WritePrefix(SqlValue.FromBlob(HexText.Parse(prefix)), SqlType.Blob, isLast: true);
        Assert.Equal(expected is not null, key.TryIncrement());
        Assert.Equal(expected ?? prefix, HexText.Of(key.Written));
        key.Dispose();
    }

    [Theory]
    [InlineData(41)]
    public void Keys_that_begin_with_a_prefix_are_between_it_and_its_increment(int seed)
    {
        var random = new RandomValues(seed);
        SqlType[] types = [SqlType.Text, SqlType.Blob, SqlType.Any];
        Span<byte> scratch = stackalloc byte[64];
        for (var i = 0; i < 4000; i++)
        {
            var type = types[random.Next(3)];
            var isLast = random.Next(2) == 0;
            var prefix = random.Next(SqlType.Blob);
            var value = SqlValue.FromBlob([.. prefix.AsSpan(), .. random.Blob()]);
            if (random.Next(2) == 0)
            {
                value = random.Next(SqlType.Blob);
            }

            var column = type == SqlType.Text ? value.SliceAsText() : value;
            var written = HexText.Parse(KeyOf(column, type, isLast));
            var lower = new KeyWriter(scratch);
            lower.WritePrefix(prefix, type, isLast);
            var from = lower.Written.ToArray();
            var isBelow = !lower.TryIncrement() || written.AsSpan().SequenceCompareTo(lower.Written) < 0;
            var isInside = written.AsSpan().SequenceCompareTo(from) >= 0 && isBelow;
            Assert.True(
                value.AsSpan().StartsWith(prefix.AsSpan()) == isInside,
                $"seed {seed}: {type} prefix {HexText.Of(prefix.AsSpan())}, value {HexText.Of(value.AsSpan())}, last {isLast}");
        }
    }

    private static SqlValue RandomUtf8(string text) => RandomValues.Utf8(text);

    private static string KeyOf(in SqlValue value, SqlType columnType, bool isLast)
    {
        var key = new KeyWriter(stackalloc byte[4]);
        try
        {
            key.Write(value, columnType, isLast);
            return HexText.Of(key.Written);
        }
        finally
        {
            key.Dispose();
        }
    }
}
