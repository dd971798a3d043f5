using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Tests.Blocks;

namespace LsmTree.Storage.Tests.Tables;

public sealed class TableFormatTests
{
    [Fact]
    public void The_writer_writes_the_example_of_the_format_page()
    {
        var bytes = TestTable.Write(
            [Entry.Put("ant", 2, "red"), Entry.Delete("ants", 1)],
            new TableSettings(),
            out _,
            new RangeTombstone(Entry.Text("bat"), Entry.Text("cow"), 3));
        Assert.Equal(Convert.ToHexString(FormatPage.ReadExample("table.md")), Convert.ToHexString(bytes));
    }

    [Fact]
    public void The_example_of_the_format_page_is_a_sound_table()
    {
        using var table = TestTable.Open(FormatPage.ReadExample("table.md"));
        using var cursor = table.CreateCursor(fillCache: false);
        TestTable.AssertSame([Entry.Put("ant", 2, "red"), Entry.Delete("ants", 1)], TestTable.ReadAll(cursor));
        Assert.Equal(3UL, table.RangeTombstones.CoveringSequence("cat"u8, 9));
        Assert.Empty(TestTable.Verify(table));
    }
}
