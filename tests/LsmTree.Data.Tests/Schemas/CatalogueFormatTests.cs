using LsmTree.Data.Schemas;
using LsmTree.Data.Tests.Rows;
using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Schemas;

public sealed class CatalogueFormatTests
{
    [Fact]
    public void The_worked_example()
    {
        var key = new ColumnSchema("k", 0, SqlType.Any, Nullable: false, KeyPosition: 0);
        var value = new ColumnSchema("v", 1, SqlType.Any, Nullable: true, KeyPosition: -1);
        Assert.Equal("00 00 00 00 01 00 00 00 01", HexText.Of(CatalogueFormat.TableKey(1)));
        Assert.Equal(
            "01 02 6B 76 02 01 6B 15 00 01 00 00 00 01 76 15 01 00 00 00 00",
            HexText.Of(CatalogueFormat.EncodeTable(new TableSchema(1, "kv", [key, value], [key]))));
    }

    [Fact]
    public void A_table_comes_back_with_everything_declared()
    {
        var table = SampleTable();
        Assert.True(CatalogueFormat.TryDecodeTable(9, CatalogueFormat.EncodeTable(table), out var back));
        Assert.Equal(9u, back.Id);
        Assert.Equal("Größen", back.Name);
        Assert.Equal(table.Columns, back.Columns);
        Assert.Equal(table.KeyColumns, back.KeyColumns);
        Assert.Equal(["price", "note"], back.ValueColumns.Select(static column => column.Name));
        Assert.Equal(["DECIMAL(10,2)", "VARCHAR(20)"], back.ValueColumns.Select(static column => column.TypeText));
    }

    [Fact]
    public void A_marker_comes_back()
    {
        var marker = CatalogueFormat.EncodeMarker(300, 70_000);
        Assert.True(CatalogueFormat.TryDecodeMarker(marker, out var version, out var next, out var epoch));
        Assert.Equal((1ul, 300u, 70_000L), (version, next, epoch));
    }

    [Fact]
    public void A_newer_marker_is_known_as_such_and_others_are_none()
    {
        Assert.True(CatalogueFormat.TryDecodeMarker([.. "LSMCATLG"u8, 2, 0xFF], out var version, out _, out _));
        Assert.Equal(2ul, version);
        Assert.False(CatalogueFormat.TryDecodeMarker([.. "LSMCATLG"u8, 1, 0, 1], out _, out _, out _));
        Assert.False(CatalogueFormat.TryDecodeMarker([.. "LSMCATLG"u8], out _, out _, out _));
        Assert.False(CatalogueFormat.TryDecodeMarker([.. CatalogueFormat.EncodeMarker(2, 1), 0], out _, out _, out _));
        Assert.False(CatalogueFormat.IsMarker("a value of somebody's own"u8));
    }

    [Theory]
    [InlineData("01 02 6B 76 02 01 6B 15 00 01 00 00 00 01 6B 15 01 00 00 00 00")] // two columns of one name
    [InlineData("01 02 6B 76 02 01 6B 15 00 00 00 00 00 01 76 15 01 00 00 00 00")] // no key
    [InlineData("01 02 6B 76 02 01 6B 15 00 02 00 00 00 01 76 15 01 00 00 00 00")] // a key that begins with its second column
    [InlineData("01 02 6B 76 02 01 6B 15 01 01 00 00 00 01 76 15 01 00 00 00 00")] // a key that may be NULL
    [InlineData("01 02 6B 76 02 01 6B 16 00 01 00 00 00 01 76 15 01 00 00 00 00")] // no such type
    [InlineData("01 02 6B 76 00")] // no columns
    [InlineData("01 00 01 01 6B 15 00 01 00 00 00")] // no name
    [InlineData("02 02 6B 76 01 01 6B 15 00 01 00 00 00")] // another version
    [InlineData("01 02 6B 76 01 01 6B 15 00 01 00 00 00 00")] // more than a table
    [InlineData("01 02 6B 76 FF FF FF FF 0F")] // billions of columns
    [InlineData("01 FF FF FF FF FF FF FF FF FF 01")] // a name of exabytes
    [InlineData("")]
    public void Bytes_that_are_no_table_are_refused(string bytes) =>
        Assert.False(CatalogueFormat.TryDecodeTable(1, HexText.Parse(bytes), out _));

    [Theory]
    [InlineData(101)]
    public void Any_bytes_are_safe_to_read(int seed)
    {
        var random = new RandomValues(seed);
        var table = CatalogueFormat.EncodeTable(SampleTable());
        for (var i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. table];
            for (var j = 0; j <= random.Next(3); j++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            damaged = damaged[..(damaged.Length - (random.Next(2) * random.Next(damaged.Length)))];
            if (CatalogueFormat.TryDecodeTable(1, damaged, out var read))
            {
                Assert.InRange(read.KeyColumns.Count, 1, 8);
            }
        }
    }

    private static TableSchema SampleTable()
    {
        var region = new ColumnSchema("Region", 0, SqlType.Text, Nullable: false, KeyPosition: 1, Length: 5);
        var price = new ColumnSchema("price", 1, SqlType.Decimal, Nullable: true, KeyPosition: -1, Precision: 10, Scale: 2);
        var id = new ColumnSchema("id", 2, SqlType.Uuid, Nullable: false, KeyPosition: 0);
        var note = new ColumnSchema("note", 3, SqlType.Text, Nullable: false, KeyPosition: -1, Length: 20);
        return new TableSchema(9, "Größen", [region, price, id, note], [id, region]);
    }
}
