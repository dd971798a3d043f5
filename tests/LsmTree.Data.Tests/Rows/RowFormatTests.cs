using LsmTree.Data.Rows;
using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

public sealed class RowFormatTests
{
    [Fact]
    public void The_worked_examples()
    {
        var three = Shapes.Of([SqlType.Int32], [SqlType.Int32, SqlType.Text, SqlType.Blob]);
        Assert.Equal("11 02 D8 04 CA FE", HexText.Of(Shapes.RowOf(three, SqlValue.FromInt32(1), SqlValue.FromInt32(300), SqlValue.Null, SqlValue.FromBlob([0xCA, 0xFE]))));
        var any = Shapes.Of([SqlType.Any], [SqlType.Any]);
        Assert.Equal("21 08 13 68 69", HexText.Of(Shapes.RowOf(any, SqlValue.FromInt64(5), SqlValue.FromText("hi"))));
        Assert.Equal("01 13 68 69", HexText.Of(Shapes.RowOf(any, SqlValue.FromText("k"), SqlValue.FromText("hi"))));
    }

    [Fact]
    public void One_text_or_blob_is_stored_raw_behind_one_byte()
    {
        Assert.Equal("01 68 69", HexText.Of(Shapes.RowOf(Shapes.Of([SqlType.Text], [SqlType.Text]), SqlValue.FromText("k"), SqlValue.FromText("hi"))));
        Assert.Equal("01", HexText.Of(Shapes.RowOf(Shapes.Of([SqlType.Text], [SqlType.Blob]), SqlValue.FromText("k"), SqlValue.FromBlob([]))));
        Assert.Equal("11 01", HexText.Of(Shapes.RowOf(Shapes.Of([SqlType.Text], [SqlType.Blob]), SqlValue.FromText("k"), SqlValue.Null)));
        Assert.Equal("01", HexText.Of(Shapes.RowOf(Shapes.Of([SqlType.Text], []), SqlValue.FromText("k"))));
    }

    [Fact]
    public void A_raw_table_stores_the_bytes_alone()
    {
        var raw = new RowShape(0, isRaw: true, [new StoredColumn(0, SqlType.Blob)], [new StoredColumn(1, SqlType.Blob)]);
        SqlValue[] row = [SqlValue.FromBlob([0, 1]), SqlValue.FromBlob([2])];
        Assert.Equal("00 01", HexText.Of(Shapes.KeyOf(raw, row)));
        Assert.Equal("02", HexText.Of(Shapes.RowOf(raw, row)));
        var reader = new RowReader(raw);
        reader.Load([0, 1], [2]);
        reader.GetValue(0, out var key);
        reader.GetValue(1, out var value);
        Assert.Equal("00 01", HexText.Of(key.AsSpan()));
        Assert.Equal("02", HexText.Of(value.AsSpan()));
    }

    [Theory]
    [InlineData("BOOLEAN", "true", "01")]
    [InlineData("UINT8", "200", "C8")]
    [InlineData("INT8", "-1", "FF")]
    [InlineData("SMALLINT", "-1", "01")]
    [InlineData("UINT16", "300", "AC 02")]
    [InlineData("INTEGER", "-2147483648", "FF FF FF FF 0F")]
    [InlineData("UINT64", "18446744073709551615", "FF FF FF FF FF FF FF FF FF 01")]
    [InlineData("REAL", "1", "00 00 80 3F")]
    [InlineData("DOUBLE", "1", "00 00 00 00 00 00 F0 3F")]
    [InlineData("DECIMAL", "-1.50", "82 01 96")]
    [InlineData("DECIMAL", "0.00", "02 00")]
    [InlineData("MONEY", "-0.0001", "01")]
    [InlineData("DATE", "0001-01-02", "01")]
    [InlineData("TIME", "00:00:00.0000300", "AC 02")]
    [InlineData("TIMESTAMP", "0001-01-01 00:00:00.0000001", "01 00 00 00 00 00 00 00")]
    [InlineData("TIMESTAMPTZ", "0001-01-01 00:00:00+00", "00 00 00 00 00 00 00 00 00")]
    [InlineData("TIMESTAMPTZ", "0001-01-01 05:30:00+05:30", "00 00 00 00 00 00 00 00 94 05")]
    [InlineData("UUID", "00112233-4455-6677-8899-aabbccddeeff", "00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF")]
    public void Columns_are_written_as_the_format_page_says(string type, string text, string expected)
    {
        Assert.True(SqlTypes.TryFromName(type, out var columnType));
        var value = ValueParser.Parse(text, columnType);
        Assert.Equal("01 " + expected + " 00", HexText.Of(Shapes.RowOf(Shapes.Of([SqlType.Int32], [columnType, SqlType.Boolean]), SqlValue.FromInt32(1), value, SqlValue.FromBoolean(false))));
        Assert.Equal($"01 {(int)columnType:X2} {expected}", HexText.Of(Shapes.RowOf(Shapes.Of([SqlType.Int32], [SqlType.Any]), SqlValue.FromInt32(1), value)));
    }

    [Theory]
    [InlineData("DECIMAL", "1.0", "21 0C 01")]
    [InlineData("DECIMAL", "1.5", "01")]
    [InlineData("DECIMAL", "0.00", "21 0C 02")]
    [InlineData("TIMESTAMPTZ", "2024-02-29 13:30:00+05:30", "21 11 94 05")]
    [InlineData("TIMESTAMPTZ", "2024-02-29 13:30:00+00", "01")]
    [InlineData("INTEGER", "5", "01")]
    public void A_key_column_leaves_a_note_when_its_key_does_not_say_all(string type, string text, string expected)
    {
        Assert.True(SqlTypes.TryFromName(type, out var columnType));
        Assert.Equal(expected, HexText.Of(Shapes.RowOf(Shapes.Of([columnType], []), ValueParser.Parse(text, columnType))));
    }

    [Fact]
    public void A_declared_scale_needs_no_note_and_comes_back()
    {
        var shape = Shapes.Of([SqlType.Decimal], [], scale: 3);
        SqlValue[] row = [SqlValue.FromDecimal(1.500m)];
        Assert.Equal("01", HexText.Of(Shapes.RowOf(shape, row)));
        var reader = new RowReader(shape);
        reader.Load(Shapes.KeyOf(shape, row), Shapes.RowOf(shape, row));
        reader.GetValue(0, out var back);
        Assert.Equal("1.500", ValueFormat.ToText(back));
    }

    [Fact]
    public void A_row_is_written_over_the_one_before()
    {
        var shape = Shapes.Of([SqlType.Int32], [SqlType.Text]);
        var writer = new RowWriter(stackalloc byte[4]);
        writer.Write(shape, [SqlValue.FromInt32(1), SqlValue.FromText(new string('x', 1000))]);
        writer.Write(shape, [SqlValue.FromInt32(1), SqlValue.FromText("hi")]);
        Assert.Equal("01 68 69", HexText.Of(writer.Written));
        writer.Dispose();
    }

    [Fact]
    public void An_unpaired_surrogate_is_refused() => Assert.Equal(
        "22018",
        Assert.Throws<LsmException>(static () => Shapes.RowOf(Shapes.Of([SqlType.Int32], [SqlType.Text]), SqlValue.FromInt32(1), SqlValue.FromText("\ud800x"))).SqlState);

    [Fact]
    public void A_nan_may_be_a_value()
    {
        var shape = Shapes.Of([SqlType.Int32], [SqlType.Double, SqlType.Real]);
        SqlValue[] row = [SqlValue.FromInt32(1), SqlValue.FromDouble(double.NaN), SqlValue.FromReal(float.NaN)];
        var reader = new RowReader(shape);
        reader.Load(Shapes.KeyOf(shape, row), Shapes.RowOf(shape, row));
        reader.GetValue(1, out var number);
        reader.GetValue(2, out var single);
        Assert.True(double.IsNaN(number.AsDouble()));
        Assert.True(float.IsNaN(single.AsReal()));
    }

    [Fact]
    public void Edges_of_every_type_survive()
    {
        foreach (var type in RandomValues.AllTypes)
        {
            var shape = Shapes.Of([type], [type, SqlType.Any]);
            var random = new RandomValues(71);
            var reader = new RowReader(shape);
            for (var i = 0; i < 300; i++)
            {
                SqlValue[] row = [random.Next(type), random.Next(type), random.Next(type)];
                reader.Load(Shapes.KeyOf(shape, row), Shapes.RowOf(shape, row));
                for (var ordinal = 2; ordinal >= 0; ordinal--)
                {
                    reader.GetValue(ordinal, out var back);
                    if (!Shapes.AreSame(row[ordinal], back) && !IsNegativeZero(row[ordinal], back))
                    {
                        Assert.Fail($"column {ordinal}: {Shapes.Show([row[ordinal], back])}");
                    }
                }
            }
        }
    }

    private static bool IsNegativeZero(in SqlValue given, in SqlValue back) =>
        SqlTypes.IsFloating(given.Type) && back.Type == given.Type && given.AsDouble() == 0 && back.AsDouble() == 0;
}
