using LsmTree.Data.Rows;
using LsmTree.Data.Schemas;
using LsmTree.Data.Tests.Rows;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Formats;

/// <summary>The examples of docs/formats/{keys,rows,catalogue}.md are what the code writes.</summary>
public sealed class FormatPageTests
{
    [Fact]
    public void Keys_of_every_type()
    {
        var examples = FormatPage.Table("keys.md", "type", "value", "last column");
        Assert.Equal(22, examples.Count);
        Assert.All(examples, static cells =>
        {
            var value = Parse(cells[0], cells[1]);
            Assert.Equal(cells[2], KeyOf(value, value.Type, isLast: true));
            Assert.Equal(cells[3], KeyOf(value, value.Type, isLast: false));
        });
    }

    [Fact]
    public void Keys_of_any()
    {
        var examples = FormatPage.Table("keys.md", "value in an ANY column");
        Assert.Equal(7, examples.Count);
        Assert.All(examples, static cells =>
        {
            var parts = cells[0].Split(' ', 2);
            var value = Parse(parts[0], parts[1]);
            Assert.Equal(cells[1], KeyOf(value, SqlType.Any, isLast: true));
            Assert.Equal(cells[2], KeyOf(value, SqlType.Any, isLast: false));
        });
    }

    [Fact]
    public void A_whole_key()
    {
        var shape = new RowShape(2, false, [new StoredColumn(0, SqlType.Text), new StoredColumn(1, SqlType.Int32)], []);
        Assert.Equal(Assert.Single(FormatPage.Drawings("keys.md")), Shapes.KeyOf(shape, SqlValue.FromText("x"), SqlValue.FromInt32(-1)));
    }

    [Fact]
    public void Columns_of_rows()
    {
        var examples = FormatPage.Table("rows.md", "type", "value", "row");
        Assert.Equal(16, examples.Count);
        Assert.All(examples, static cells =>
        {
            var value = Parse(cells[0], cells[1]);
            var shape = Shapes.Of([SqlType.Int32], [value.Type, SqlType.Boolean]);
            Assert.Equal(HexText.Parse(cells[2]), Shapes.RowOf(shape, SqlValue.FromInt32(1), value, SqlValue.FromBoolean(false)));
        });
    }

    [Fact]
    public void Whole_rows()
    {
        var drawings = FormatPage.Drawings("rows.md");
        var declared = Shapes.Of([SqlType.Int32], [SqlType.Int32, SqlType.Text, SqlType.Blob]);
        Assert.Equal(drawings[0], Shapes.RowOf(declared, SqlValue.FromInt32(1), SqlValue.FromInt32(300), SqlValue.Null, SqlValue.FromBlob([0xCA, 0xFE])));
        Assert.Equal(drawings[1], Shapes.RowOf(Shapes.Of([SqlType.Any], [SqlType.Any]), SqlValue.FromInt64(5), SqlValue.FromText("hi")));
    }

    [Fact]
    public void The_catalogue_of_a_new_database()
    {
        var key = new ColumnSchema("k", 0, SqlType.Any, Nullable: false, KeyPosition: 0);
        var value = new ColumnSchema("v", 1, SqlType.Any, Nullable: true, KeyPosition: -1);
        byte[] written =
        [
            .. CatalogueFormat.MarkerKey,
            .. CatalogueFormat.EncodeMarker(2, 1),
            .. CatalogueFormat.TableKey(1),
            .. CatalogueFormat.EncodeTable(new TableSchema(1, "kv", [key, value], [key])),
        ];
        Assert.Equal(Assert.Single(FormatPage.Drawings("catalogue.md")), written);
    }

    [Fact]
    public void The_numbers_of_the_types_are_those_of_the_page()
    {
        string[] page =
        [
            "BOOLEAN", "UINT8", "INT8", "SMALLINT", "UINT16", "INTEGER", "UINT32", "BIGINT", "UINT64", "REAL", "DOUBLE", "DECIMAL", "MONEY", "DATE", "TIME", "TIMESTAMP",
            "TIMESTAMPTZ", "UUID", "TEXT", "BLOB", "ANY",
        ];
        Assert.Equal(page, Enumerable.Range(1, 21).Select(static number => SqlTypes.NameOf((SqlType)number)));
    }

    private static SqlValue Parse(string typeName, string text)
    {
        Assert.True(SqlTypes.TryFromName(typeName, out var type));
        return type switch
        {
            SqlType.Text => SqlValue.FromText(text),
            SqlType.Blob => SqlValue.FromBlob(Convert.FromHexString(text[2..])),
            _ => ValueParser.Parse(text, type),
        };
    }

    private static string KeyOf(in SqlValue value, SqlType columnType, bool isLast)
    {
        var key = new KeyWriter(stackalloc byte[64]);
        key.Write(value, columnType, isLast);
        var written = HexText.Of(key.Written);
        key.Dispose();
        return written;
    }
}
