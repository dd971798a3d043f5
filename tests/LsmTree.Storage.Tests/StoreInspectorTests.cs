using System.Text;
using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>Sizes of ranges within their stated bound, properties, table descriptions, and the settings of the last run.</summary>
public sealed class StoreInspectorTests
{
    private const string Directory = "/db";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1, BlockBytes = 1024 };

    [Fact]
    public void The_size_of_a_range_is_exact_in_memory_and_within_two_blocks_of_a_table()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        for (var i = 0; i < 1_000; i++)
        {
            store.Put(Key(i), new byte[100]);
        }

        var inspector = store.Inspect();
        Assert.Equal(250 * (5 + 100 + 8), inspector.ApproximateSize(Key(100), Key(350)));
        store.Flush();
        var table = Assert.Single(inspector.GetTables());
        Assert.Equal(table.Bytes, inspector.ApproximateSize([]));
        foreach (var (from, to) in new[] { (100, 350), (0, 10), (500, 501), (990, 1_000), (0, 999) })
        {
            var share = (double)table.Bytes * (to - from) / 1_000;
            Assert.InRange(inspector.ApproximateSize(Key(from), Key(to)), share * 0.9 - 2 * 1_100, share * 1.1 + 2 * 1_100);
        }

        Assert.Equal(0, inspector.ApproximateSize(Key(10), Key(10)));
        Assert.Equal(0, inspector.ApproximateSize(Key(20), Key(10)));
        Assert.Equal(0, inspector.ApproximateSize("z"u8.ToArray()));
        Assert.Equal(0, inspector.ApproximateSize([], "a"u8.ToArray()));
    }

    [Fact]
    public void Ranges_that_follow_each_other_add_up_to_the_whole_within_a_block_each()
    {
        using var store = LsmStore.OpenInMemory(s_options with { TableBytes = 64 << 10 });
        StoreContents.Put(store, 0, 5_000, new string('x', 100));
        store.Compact();
        var inspector = store.Inspect();
        var tables = inspector.GetTables();
        Assert.True(tables.Count > 3, $"{tables.Count} tables");
        var parts = 0L;
        for (var i = 0; i < 50; i++)
        {
            parts += inspector.ApproximateSize(Key(i * 100), Key(i * 100 + 100));
        }

        var whole = inspector.ApproximateSize([]);
        Assert.Equal(tables.Sum(static table => table.Bytes), whole);
        Assert.InRange(parts, whole * 0.9, whole + 50 * 2 * 1_200);
    }

    [Fact]
    public void Properties_are_found_by_the_names_that_the_field_uses()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        StoreContents.Put(store, 0, 100, "value");
        store.Flush();
        StoreContents.Put(store, 0, 50, "newer");
        var inspector = store.Inspect();
        Assert.Equal("1", inspector.GetProperty("lsmtree.num-files-at-level0"));
        Assert.Equal("0", inspector.GetProperty("lsmtree.num-files-at-level6"));
        Assert.Null(inspector.GetProperty("lsmtree.num-files-at-level7"));
        Assert.Null(inspector.GetProperty("leveldb.stats"));
        Assert.Equal("100", inspector.GetProperty("lsmtree.estimate-num-keys"));
        Assert.Equal("0", inspector.GetProperty("lsmtree.is-write-stopped"));
        Assert.Equal("", inspector.GetProperty("lsmtree.background-errors"));
        Assert.Equal(store.GetStatistics().TableBytes.ToString(System.Globalization.CultureInfo.InvariantCulture), inspector.GetProperty("lsmtree.total-sst-files-size"));
        Assert.Contains("000", inspector.GetProperty("lsmtree.sstables"), StringComparison.Ordinal);
        Assert.Contains("150 entries", inspector.GetProperty("lsmtree.stats"), StringComparison.Ordinal);
        Assert.All(StoreInspector.PropertyNames, name => Assert.NotNull(inspector.GetProperty(name.Replace('N', '3'))));
    }

    [Fact]
    public void A_table_tells_its_level_its_counts_and_its_keys()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        StoreContents.Put(store, 0, 100, "value");
        store.Delete("k0003"u8);
        store.DeleteRange("k0200"u8, "k0300"u8);
        using (store.CreateSnapshot())
        {
            store.Flush();
        }

        var table = Assert.Single(store.Inspect().GetTables());
        Assert.Equal((0, 0L), (table.Level, table.RangeTombstones)); // nothing older to hide
        Assert.InRange(table.Entries, 99, 101);
        Assert.Equal("k0000"u8, table.SmallestKey);
        Assert.Equal("k0099"u8, table.LargestKey);
        Assert.Equal(1, table.SmallestSequence);
    }

    [Fact]
    public void The_settings_of_the_last_run_are_told_and_rewritten_only_when_they_change()
    {
        var files = new FaultyFileSystem();
        using (var store = LsmStore.OpenOn(files, Directory, null, s_options with { BloomBitsPerKey = 12 }))
        {
            Assert.Contains("BloomBitsPerKey=12\n", store.Inspect().ReadOptionsOfLastRun(), StringComparison.Ordinal);
        }

        using (LsmStore.OpenOn(files, Directory, null, s_options with { BloomBitsPerKey = 12 }))
        {
            Assert.Single(files.Trace, static line => line == "create OPTIONS.tmp");
        }

        using (var store = LsmStore.OpenOn(files, Directory, null, s_options with { BloomBitsPerKey = 8, Mode = OpenMode.ReadOnly }))
        {
            Assert.Contains("BloomBitsPerKey=12\n", store.Inspect().ReadOptionsOfLastRun(), StringComparison.Ordinal);
        }

        using (var store = LsmStore.OpenOn(files, Directory, null, s_options with { BloomBitsPerKey = 8 }))
        {
            Assert.Contains("BloomBitsPerKey=8\n", store.Inspect().ReadOptionsOfLastRun(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_options_file_that_is_damaged_or_cannot_be_written_never_keeps_a_store_from_opening()
    {
        var files = new FaultyFileSystem();
        files.FailOn(FileOperation.Create, "OPTIONS.tmp");
        using (var store = LsmStore.OpenOn(files, Directory, null, s_options))
        {
            Assert.Null(store.Inspect().ReadOptionsOfLastRun());
            store.Put("a"u8, "1"u8);
        }

        FileContents.Write(files, $"{Directory}/OPTIONS", "nonsense"u8);
        using (var reader = LsmStore.OpenOn(files, Directory, null, s_options with { Mode = OpenMode.ReadOnly }))
        {
            Assert.True(reader.TryGet("a"u8, out byte[]? _));
            Assert.Throws<CorruptionException>(reader.Inspect().ReadOptionsOfLastRun);
            Assert.EndsWith("OPTIONS", Assert.Single(reader.Verify().Problems).File, StringComparison.Ordinal);
        }

        using var writer = LsmStore.OpenOn(files, Directory, null, s_options);
        Assert.NotNull(writer.Inspect().ReadOptionsOfLastRun());
        Assert.True(writer.Verify().IsSound);
    }

    private static byte[] Key(int i) => Encoding.UTF8.GetBytes($"k{i:D4}");
}
