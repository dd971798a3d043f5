using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

/// <summary>Tables in memory, and cursors held against sorted lists.</summary>
internal static class TestTable
{
    public const ulong StoreId = 0x1122334455667788;
    public const ulong FileNumber = 7;

    /// <summary>Small blocks, so that small tests have many.</summary>
    public static TableSettings SmallBlocks { get; } = new(BlockBytes: 256, RestartInterval: 4);

    public static byte[] Write(IEnumerable<Entry> entries, TableSettings settings, out TableProperties properties, params RangeTombstone[] tombstones)
    {
        var file = new InMemoryFile();
        using var writer = new TableWriter(file, settings, StoreId, FileNumber);
        foreach (var entry in entries)
        {
            writer.Add(entry.Key, entry.Trailer, entry.Value);
        }

        foreach (var tombstone in tombstones)
        {
            writer.AddRangeTombstone(tombstone);
        }

        properties = writer.Finish();
        return file.ToArray();
    }

    public static byte[] Write(IEnumerable<Entry> entries, TableSettings settings) => Write(entries, settings, out _);

    public static Table Open(byte[] bytes, BlockCache? cache = null) => Open(new InMemoryFile(bytes), cache);

    public static Table Open(InMemoryFile file, BlockCache? cache = null) => Table.Open(file, StoreId, FileNumber, cache ?? new BlockCache(1 << 20));

    public static List<Entry> ReadAll(ICursor cursor)
    {
        var entries = new List<Entry>();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            entries.Add(Current(cursor));
        }

        return entries;
    }

    public static Entry Current(ICursor cursor) => new(cursor.Key.ToArray(), cursor.Trailer, cursor.Value.ToArray());

    public static void AssertSame(IReadOnlyList<Entry> expected, IReadOnlyList<Entry> actual)
    {
        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            AssertSame(expected[i], actual[i], $"entry {i}");
        }

        Assert.Equal(expected.Count, actual.Count);
    }

    public static void AssertSame(Entry expected, Entry actual, string where) =>
        Assert.True(
            expected.Trailer == actual.Trailer && expected.Key.AsSpan().SequenceEqual(actual.Key) && expected.Value.AsSpan().SequenceEqual(actual.Value),
            $"{where}: expected {expected}, found {actual}");

    public static List<string> Verify(Table table)
    {
        var problems = new List<string>();
        table.Verify((offset, description) => problems.Add($"{offset}: {description}"));
        return problems;
    }
}
