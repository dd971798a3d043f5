using System.Text;

namespace LsmTree.Storage.Tests.Views;

/// <summary>The block cache as the users of a store meet it: its budget, scans, and filters.</summary>
public sealed class CacheBudgetTests
{
    private const int Entries = 8_000;

    [Theory]
    [InlineData(256 << 10)]
    [InlineData(512 << 10)]
    [InlineData(4 << 20)]
    public void Blocks_filters_and_indexes_together_stay_within_the_budget(int budget)
    {
        using var store = Load(new LsmStoreOptions { BlockCacheBytes = budget });
        for (var i = 0; i < Entries; i++)
        {
            Assert.True(store.Contains(Key(i)));
            if (i % 500 == 0)
            {
                AssertWithin(store, budget);
            }
        }

        using (var cursor = store.CreateCursor())
        {
            for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
            {
            }
        }

        AssertWithin(store, budget);
        store.Compact();
        AssertWithin(store, budget);
        store.DeleteRange([], "z"u8);
        store.Compact();
        Assert.Equal(0, store.GetStatistics().Tables);
        Assert.Equal(0, store.GetStatistics().FilterAndIndexBytes);
        Assert.Equal(0, store.GetStatistics().BlockCacheBytes);
    }

    [Fact]
    public void A_scan_that_does_not_fill_the_cache_leaves_it_as_it_was()
    {
        using var store = Load(new LsmStoreOptions { BlockCacheBytes = 16 << 20 });
        for (var i = 0; i < 100; i++)
        {
            store.Contains(Key(i));
        }

        ScanAll(store, fillCache: false); // opens all tables
        var before = store.GetStatistics();
        Assert.Equal(Entries, ScanAll(store, fillCache: false));
        var after = store.GetStatistics();
        Assert.Equal(before.BlockCacheBytes, after.BlockCacheBytes);
        Assert.True(after.BlockCacheMisses - before.BlockCacheMisses > 100);
        Assert.True(after.ReadAheads - before.ReadAheads > 5);

        ScanAll(store, fillCache: true);
        Assert.True(store.GetStatistics().BlockCacheBytes > 3 * after.BlockCacheBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_scan_does_not_push_out_what_is_hot(bool fillCache)
    {
        // 1 MB of blocks, and a cache for a third of them.
        using var store = Load(new LsmStoreOptions { BlockCacheBytes = 400 << 10, BloomBitsPerKey = 0 });
        for (var round = 0; round < 3; round++)
        {
            ReadHotKeys(store);
        }

        ScanAll(store, fillCache);
        var perf = new PerfContext();
        using (perf.Activate())
        {
            ReadHotKeys(store);
        }

        Assert.Equal(0, perf.BlocksRead);
        Assert.True(perf.BlockCacheHits > 0);
    }

    [Fact]
    public void The_last_level_may_do_without_filters_and_lookups_stay_right()
    {
        using var with = Load(new LsmStoreOptions());
        using var without = Load(new LsmStoreOptions { FiltersOnLastLevel = false });
        Assert.True(with.GetStatistics().TableBytes - without.GetStatistics().TableBytes > Entries, "the filters' bytes were not saved");

        var perf = new PerfContext();
        using (perf.Activate())
        {
            AssertAllFound(without);
        }

        Assert.Equal(0, perf.FilterProbes);
        Assert.InRange(perf.TableProbes, 2 * Entries - 100, 2 * Entries); // a key between two tables asks none

        // Above the last level there are filters all the same.
        without.Put(Key(3), "new"u8);
        without.Put(Key(5_000), "new"u8);
        without.Flush();
        perf.Reset();
        using (perf.Activate())
        {
            AssertAllFound(without);
        }

        Assert.True(perf.FilterRejections > 0);
        Assert.True(without.TryGet(Key(3), out byte[]? value));
        Assert.Equal("new"u8, value);
        without.Compact();
        AssertAllFound(without);
        Assert.Empty(without.Verify().Problems);
    }

    private static void AssertAllFound(LsmStore store)
    {
        for (var i = 0; i < Entries; i++)
        {
            Assert.True(store.Contains(Key(i)));
            Assert.False(store.Contains(Encoding.UTF8.GetBytes($"key{i:D5}+")));
        }
    }

    private static void ReadHotKeys(LsmStore store)
    {
        for (var i = 0; i < 700; i++)
        {
            Assert.True(store.Contains(Key(i)));
        }
    }

    private static void AssertWithin(LsmStore store, int budget)
    {
        var statistics = store.GetStatistics();
        Assert.True(statistics.FilterAndIndexBytes > 0);
        Assert.True(statistics.BlockCacheBytes > 0);
        Assert.InRange(statistics.BlockCacheBytes + statistics.FilterAndIndexBytes, 1, budget);
    }

    private static int ScanAll(LsmStore store, bool fillCache)
    {
        using var cursor = store.CreateCursor(new CursorOptions { FillCache = fillCache });
        var count = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            count++;
        }

        return count;
    }

    /// <summary>A store with everything on the last level.</summary>
    private static LsmStore Load(LsmStoreOptions options)
    {
        var store = LsmStore.OpenInMemory(options with { Background = BackgroundMode.Manual, TableBytes = 256 << 10, Seed = 1 });
        var random = new Random(1);
        var value = new byte[120];
        for (var i = 0; i < Entries; i++)
        {
            random.NextBytes(value);
            store.Put(Key(i), value);
        }

        store.Compact();
        return store;
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"key{number:D5}");
}
