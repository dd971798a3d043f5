using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class TableWriterTests
{
    [Theory]
    [InlineData("b", 5, "a", 9)]
    [InlineData("b", 5, "b", 5)]
    [InlineData("b", 5, "b", 6)]
    [InlineData("ab", 5, "a", 5)]
    [InlineData("b", 5, "", 5)]
    [InlineData("", 5, "", 5)]
    public void Entries_out_of_order_are_refused(string first, ulong firstSequence, string second, ulong secondSequence)
    {
        using var writer = NewWriter(out _);
        writer.Add(Entry.Text(first), Trailer.Pack(firstSequence, EntryKind.Put), []);
        Assert.Throws<InvalidOperationException>(() => writer.Add(Entry.Text(second), Trailer.Pack(secondSequence, EntryKind.Put), []));
        writer.Add(Entry.Text(first + "z"), 257, []);
        Assert.Equal(2, writer.Finish().EntryCount);
    }

    [Fact]
    public void Order_is_kept_across_blocks_too()
    {
        using var writer = NewWriter(out _);
        writer.Add("b"u8, 257, new byte[10_000]);
        writer.Add("c"u8, 257, new byte[10_000]);
        Assert.Throws<InvalidOperationException>(() => writer.Add("c"u8, 257, []));
        Assert.Throws<InvalidOperationException>(() => writer.Add("bz"u8, 257, []));
    }

    [Fact]
    public void Kinds_that_a_table_does_not_hold_are_refused()
    {
        using var writer = NewWriter(out _);
        Assert.Throws<InvalidOperationException>(() => writer.Add("a"u8, Trailer.Pack(1, EntryKind.RangeDelete), "b"u8));
        Assert.Throws<InvalidOperationException>(() => writer.Add("a"u8, Trailer.ForSeek(1), []));
        Assert.True(writer.IsEmpty);
    }

    [Fact]
    public void An_empty_table_cannot_be_finished_and_a_finished_one_not_added_to()
    {
        using var writer = NewWriter(out var file);
        Assert.True(writer.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        writer.AddRangeTombstone(new RangeTombstone([1], [1], 1));
        Assert.True(writer.IsEmpty);
        writer.AddRangeTombstone(new RangeTombstone([1], [2], 1));
        Assert.False(writer.IsEmpty);
        var properties = writer.Finish();
        Assert.Equal(file.Position, properties.FileBytes);
        Assert.Throws<InvalidOperationException>(() => writer.Add("a"u8, 257, []));
        Assert.Throws<InvalidOperationException>(() => writer.AddRangeTombstone(new RangeTombstone([1], [2], 1)));
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.False(file.IsDisposed);
    }

    [Fact]
    public void Range_tombstones_are_copied()
    {
        var start = "a"u8.ToArray();
        using var writer = NewWriter(out var file);
        writer.AddRangeTombstone(new RangeTombstone(start, [.. "b"u8], 1));
        start[0] = (byte)'x';
        writer.Finish();
        using var table = TestTable.Open(file.ToArray());
        Assert.Equal(1UL, table.RangeTombstones.CoveringSequence("a"u8, 5));
    }

    [Fact]
    public void The_estimate_follows_the_file()
    {
        using var writer = NewWriter(out var file);
        var random = new Random(3);
        var value = new byte[100];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(value);
            writer.Add(Entry.Text($"{i:D16}"), Trailer.Pack((ulong)i, EntryKind.Put), value);
        }

        var estimate = writer.EstimatedFileBytes;
        var properties = writer.Finish();
        Assert.Equal(file.Position, properties.FileBytes);
        Assert.InRange(estimate, properties.FileBytes * 99 / 100, properties.FileBytes * 102 / 100);
        // 116 raw bytes for each entry: sharing pays for headers, trailers, filter and index.
        Assert.InRange(properties.FileBytes, 1, 20_000 * 116);
    }

    [Fact]
    public void Adding_allocates_for_blocks_at_most_and_not_for_entries()
    {
        using var writer = NewWriter(out _);
        Span<byte> key = stackalloc byte[8];
        var value = new byte[20];
        var start = 0L;
        for (var i = 0; i < 60_000; i++)
        {
            if (i == 30_000)
            {
                start = GC.GetAllocatedBytesForCurrentThread();
            }

            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(key, i);
            writer.Add(key, 257, value);
        }

        // The file of the test grows, and so do the lists of blocks; nothing else does: 1 byte for each entry would be 30,000.
        var fileGrowth = 4L << 20;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, fileGrowth);
        Assert.Equal(60_000, writer.EntryCount);
    }

    [Fact]
    public void Settings_and_files_that_make_no_sense_are_refused()
    {
        using var file = new InMemoryFile([1]);
        Assert.Throws<ArgumentException>(() => new TableWriter(file, new TableSettings(), 1, 1));
        using var empty = new InMemoryFile();
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableWriter(empty, new TableSettings(BlockBytes: 63), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableWriter(empty, new TableSettings(RestartInterval: 0), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableWriter(empty, new TableSettings(RestartInterval: 257), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableWriter(empty, new TableSettings(BloomBitsPerKey: 33), 1, 1));
    }

    private static TableWriter NewWriter(out InMemoryFile file)
    {
        file = new InMemoryFile();
        return new TableWriter(file, new TableSettings(), TestTable.StoreId, TestTable.FileNumber);
    }
}
