using LsmTree.Data.Rows;
using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

public sealed class RowReaderTests
{
    [Theory]
    [InlineData(81)]
    [InlineData(82)]
    public void Rows_of_any_shape_survive_in_any_order_of_reading(int seed)
    {
        var random = new RandomValues(seed);
        var reader = new RowReader(Shapes.Of([SqlType.Int32], []));
        for (var i = 0; i < 200; i++)
        {
            var keyTypes = DrawTypes(random, 1 + random.Next(4));
            var rowTypes = DrawTypes(random, random.Next(3) == 0 ? random.Next(57) : random.Next(6));
            var shape = Shapes.Of(keyTypes, rowTypes);
            reader.Use(shape);
            for (var j = 0; j < 5; j++)
            {
                SqlValue[] row = [.. keyTypes.Select(random.Next), .. rowTypes.Select(type => random.Next(4) == 0 ? SqlValue.Null : random.Next(type))];
                reader.Load(Shapes.KeyOf(shape, row), Shapes.RowOf(shape, row));
                for (var read = 0; read < row.Length + 2; read++)
                {
                    var ordinal = read < 3 ? random.Next(row.Length) : read - 2;
                    reader.GetValue(ordinal, out var back);
                    if (!Shapes.AreSame(row[ordinal], back) && !(SqlTypes.IsFloating(back.Type) && Comparison.Compare(row[ordinal], back) == 0))
                    {
                        Assert.Fail($"seed {seed}, column {ordinal} of ({Shapes.Show(row)}): {Shapes.Show([back])}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Texts_and_blobs_are_slices_of_the_readers_buffers()
    {
        var shape = Shapes.Of([SqlType.Text], [SqlType.Blob]);
        SqlValue[] row = [SqlValue.FromText("key"), SqlValue.FromBlob([1, 2, 3])];
        var reader = new RowReader(shape);
        reader.Load(Shapes.KeyOf(shape, row), Shapes.RowOf(shape, row));
        reader.GetValue(0, out var key);
        reader.GetValue(1, out var value);
        Assert.True(key.AsSpan().Overlaps(reader.Key));
        Assert.True(value.AsSpan().Overlaps(reader.Row));
        Assert.True(key.IsUtf8);
    }

    [Fact]
    public void A_row_may_be_copied_in_by_the_store()
    {
        var shape = Shapes.Of([SqlType.Int32], [SqlType.Text]);
        SqlValue[] row = [SqlValue.FromInt32(9), SqlValue.FromText("from the store")];
        var bytes = Shapes.RowOf(shape, row);
        var reader = new RowReader(shape);
        reader.LoadKey(Shapes.KeyOf(shape, row));
        reader.GrowRowBuffer(bytes.Length);
        bytes.CopyTo(reader.RowBuffer);
        reader.SetRowLength(bytes.Length);
        reader.GetValue(0, out var key);
        reader.GetValue(1, out var value);
        Assert.Equal(9, key.AsInt64());
        Assert.Equal("from the store", value.AsString());
    }

    [Fact]
    public void Key_columns_without_notes_need_no_row()
    {
        var shape = Shapes.Of([SqlType.Text, SqlType.Int32], [SqlType.Text]);
        var reader = new RowReader(shape);
        reader.LoadKey(Shapes.KeyOf(shape, SqlValue.FromText("a\0b"), SqlValue.FromInt32(-3), SqlValue.Null));
        reader.GetValue(1, out var second);
        reader.GetValue(0, out var first);
        Assert.Equal(-3, second.AsInt64());
        Assert.Equal("a\0b", first.AsString());
        Assert.False(reader.TryGetValue(2, out _));
    }

    [Fact]
    public void Damage_is_typed_and_names_the_table()
    {
        var shape = Shapes.Of([SqlType.Int32], [SqlType.Int32]);
        var reader = new RowReader(shape);
        reader.Load(Shapes.KeyOf(shape, SqlValue.FromInt32(1), SqlValue.Null), [0x02]);
        var error = Assert.Throws<LsmException>(() => reader.GetValue(1, out _));
        Assert.Equal("XX001", error.SqlState);
        Assert.Contains("table 7", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")] // no header
    [InlineData("00")] // no version
    [InlineData("02 02 02")] // a newer version
    [InlineData("41 02 02")] // an unknown flag
    [InlineData("11")] // no null bits
    [InlineData("11 08 02 02")] // a null bit for no column
    [InlineData("01")] // no columns
    [InlineData("01 02")] // one
    [InlineData("01 02 02 02")] // three
    [InlineData("01 80 80 80 80 80 80 80 80 80 02 02")] // a varint that is too long
    [InlineData("01 FE FF FF FF 1F 02")] // a number that is too large
    public void Bytes_that_are_no_row_are_refused(string row)
    {
        var shape = Shapes.Of([SqlType.Int32], [SqlType.Int32, SqlType.Int32]);
        var reader = new RowReader(shape);
        reader.Load(Shapes.KeyOf(shape, SqlValue.FromInt32(1), SqlValue.Null, SqlValue.Null), HexText.Parse(row));
        Assert.False(reader.TryGetValue(1, out _) && reader.TryGetValue(2, out _));
    }

    [Theory]
    [InlineData(91)]
    [InlineData(92)]
    public void Any_bytes_are_safe_to_read(int seed)
    {
        var random = new RandomValues(seed);
        var reader = new RowReader(Shapes.Of([SqlType.Int32], []));
        for (var i = 0; i < 3000; i++)
        {
            var keyTypes = DrawTypes(random, 1 + random.Next(3));
            var rowTypes = DrawTypes(random, random.Next(5));
            var shape = Shapes.Of(keyTypes, rowTypes);
            reader.Use(shape);
            SqlValue[] row = [.. keyTypes.Select(random.Next), .. rowTypes.Select(type => random.Next(4) == 0 ? SqlValue.Null : random.Next(type))];
            reader.Load(Damage(random, Shapes.KeyOf(shape, row)), Damage(random, Shapes.RowOf(shape, row)));
            for (var ordinal = 0; ordinal < row.Length; ordinal++)
            {
                // Either it is refused, or it is a value like any other: one that can be shown.
                if (reader.TryGetValue(ordinal, out var value))
                {
                    Assert.NotNull(ValueFormat.ToText(value));
                    Assert.NotNull(Conversion.ToClr(value));
                }
            }
        }
    }

    private static SqlType[] DrawTypes(RandomValues random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(5) == 0 ? SqlType.Any : RandomValues.AllTypes[random.Next(20)])];

    private static byte[] Damage(RandomValues random, byte[] bytes)
    {
        switch (random.Next(4))
        {
            case 0:
                return random.Bytes(random.Next(24));
            case 1:
                return bytes[..random.Next(bytes.Length + 1)];
            case 2:
                return [.. bytes, .. random.Bytes(1 + random.Next(3))];
            default:
                for (var i = 0; i <= random.Next(3) && bytes.Length > 0; i++)
                {
                    bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(random.Next(2) * 0xFF);
                }

                return bytes;
        }
    }
}
