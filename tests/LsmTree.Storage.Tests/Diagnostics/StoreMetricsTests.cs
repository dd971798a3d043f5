using System.Runtime.CompilerServices;
using LsmTree.Storage.Diagnostics;

namespace LsmTree.Storage.Tests.Diagnostics;

[Collection(ListeningTests.Name)]
public sealed class StoreMetricsTests
{
    private static readonly LsmStoreOptions s_manual = new() { Background = BackgroundMode.Manual, Seed = 1, Name = "measured" };

    [Fact]
    public void Gauges_say_what_the_statistics_say()
    {
        using var store = LsmStore.OpenInMemory(s_manual);
        for (var i = 0; i < 100; i++)
        {
            store.Put(BitConverter.GetBytes(i), new byte[100]);
        }

        store.Flush();
        store.Put("one"u8, "more"u8);
        Assert.True(store.TryGet(BitConverter.GetBytes(7), out _));
        Assert.False(store.TryGet("absent"u8, out _));
        using var snapshot = store.CreateSnapshot();
        using var heard = new HeardMeasurements();
        heard.Ask();

        var statistics = store.GetStatistics();
        AssertHeard(statistics.MemtableBytes, "lsmtree.memtable.size");
        AssertHeard(0, "lsmtree.memtable.frozen");
        AssertHeard(statistics.LogBytes, "lsmtree.log.size");
        AssertHeard(statistics.CompactionDebtBytes, "lsmtree.compaction.debt");
        AssertHeard(statistics.BlockCacheBytes, "lsmtree.block_cache.size");
        AssertHeard(1, "lsmtree.snapshot.count");
        AssertHeard(101, "lsmtree.commit.count");
        AssertHeard(2, "lsmtree.get.count");
        AssertHeard(statistics.BytesWritten, "lsmtree.user.written");
        AssertHeard(0, "lsmtree.stall.count");
        AssertHeard(0, "lsmtree.stall.duration");
        AssertHeard(0, "lsmtree.store.failed");
        Assert.Equal([1.0], heard.Of("measured", "lsmtree.level.tables", "lsmtree.level", 0));
        Assert.Equal([statistics.TableBytes], heard.Of("measured", "lsmtree.level.size", "lsmtree.level", 0));
        Assert.Equal([statistics.LogBytesWritten], heard.Of("measured", "lsmtree.io.written", "lsmtree.kind", "log"));
        Assert.Equal([statistics.FlushBytesWritten], heard.Of("measured", "lsmtree.io.written", "lsmtree.kind", "flush"));
        Assert.Equal([statistics.BlockCacheHits], heard.Of("measured", "lsmtree.block_cache.lookups", "lsmtree.result", "hit"));
        Assert.Equal([statistics.BlockCacheMisses], heard.Of("measured", "lsmtree.block_cache.lookups", "lsmtree.result", "miss"));
        Assert.Equal([statistics.FilterRejections], heard.Of("measured", "lsmtree.filter.probes", "lsmtree.result", "rejected"));
        AssertHeard((double)statistics.FilterRejections / statistics.FilterProbes, "lsmtree.filter.rejection_ratio");
        Assert.True(statistics.FilterProbes > 0 && statistics.FlushBytesWritten > 0 && statistics.BlockCacheMisses > 0);

        void AssertHeard(double expected, string instrument) => Assert.Equal([expected], heard.Of("measured", instrument));
    }

    [Fact]
    public void Stores_are_told_apart_by_their_name()
    {
        using var first = LsmStore.OpenInMemory(s_manual);
        using var second = LsmStore.OpenInMemory(s_manual);
        using var unnamed = LsmStore.OpenInMemory(s_manual with { Name = null });
        first.Put("a"u8, "b"u8);
        second.Put("a"u8, "b"u8);
        second.Put("a"u8, "b"u8);

        using var heard = new HeardMeasurements();
        heard.Ask();
        Assert.Equal([1.0], heard.Of("measured", "lsmtree.commit.count"));
        Assert.Equal([2.0], heard.Of("measured #2", "lsmtree.commit.count"));
        Assert.Equal([0.0], heard.Of(":memory:", "lsmtree.commit.count"));
    }

    [Fact]
    public void A_closed_store_is_silent_and_its_name_is_free()
    {
        using var heard = new HeardMeasurements();
        for (var round = 0; round < 3; round++)
        {
            var store = LsmStore.OpenInMemory(s_manual);
            Assert.Equal(["measured"], NamesInUse());
            heard.Ask();
            Assert.Contains("lsmtree.memtable.size", heard.InstrumentsOf("measured"));
            store.Dispose();
            store.Dispose();
            heard.Ask();
            Assert.Empty(heard.InstrumentsOf("measured"));
            Assert.Empty(NamesInUse());
        }
    }

    [Fact]
    public void A_store_that_fails_to_open_leaves_nothing_behind()
    {
        using var heard = new HeardMeasurements();
        Assert.ThrowsAny<StoreException>(() => LsmStore.OpenInMemory(s_manual with { Mode = OpenMode.ReadWrite }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LsmStore.OpenInMemory(s_manual with { BlockBytes = 1 }));
        Assert.Empty(NamesInUse());
        Assert.Single(heard.Of("measured", "lsmtree.job.duration", "lsmtree.result", "failed"));
    }

    [Fact]
    public void A_store_that_is_dropped_unclosed_can_be_collected()
    {
        var reference = OpenAndDrop();
        for (var round = 0; round < 50 && reference.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reference.IsAlive);
        using var heard = new HeardMeasurements();
        heard.Ask();
        Assert.Empty(heard.InstrumentsOf("dropped"));
    }

    [Fact]
    public void Commits_and_syncs_are_timed_for_who_listens()
    {
        var time = new CountingTime();
        using var store = LsmStore.OpenInMemory(s_manual with { Time = time });
        using var heard = new HeardMeasurements();
        store.Put("a"u8, "1"u8);
        store.Delete("a"u8);
        Assert.True(store.TryInsert("b"u8, "2"u8));
        var batch = new WriteBatch();
        batch.Put("c"u8, "3"u8);
        store.Write(batch, Durability.Full);

        Assert.Equal(3, heard.Of("measured", "lsmtree.commit.duration", "lsmtree.durability", "normal").Length);
        var full = Assert.Single(heard.Of("measured", "lsmtree.commit.duration", "lsmtree.durability", "full"));
        var sync = Assert.Single(heard.Of("measured", "lsmtree.log.sync.duration"));
        Assert.Equal(0.001, sync, 6); // two readings, one tick of a millisecond apart
        Assert.Equal(0.003, full, 6); // which the commit contains
    }

    [Fact]
    public async Task An_asynchronous_commit_is_timed_until_it_is_durable()
    {
        using var store = LsmStore.OpenInMemory(s_manual with { Background = BackgroundMode.Threads });
        using var heard = new HeardMeasurements();
        var batch = new WriteBatch();
        batch.Put("c"u8, "3"u8);
        await store.WriteAsync(batch, Durability.Full, TestContext.Current.CancellationToken);
        Assert.Single(heard.Of("measured", "lsmtree.commit.duration", "lsmtree.durability", "full"));
    }

    [Fact]
    public void Jobs_are_timed_and_weighed()
    {
        using var heard = new HeardMeasurements();
        using var store = LsmStore.OpenInMemory(s_manual);
        store.Put("a"u8, new byte[1000]);
        store.Flush();
        store.Put("a"u8, new byte[1000]);
        store.Compact();

        Assert.Single(heard.Of("measured", "lsmtree.job.duration", "lsmtree.kind", "recovery"));
        Assert.Equal(2, heard.Of("measured", "lsmtree.job.duration", "lsmtree.kind", "flush").Length);
        Assert.NotEmpty(heard.Of("measured", "lsmtree.job.duration", "lsmtree.kind", "compaction"));
        Assert.Equal(store.GetStatistics().FlushBytesWritten, heard.Of("measured", "lsmtree.job.written", "lsmtree.kind", "flush").Sum());
        Assert.Equal(store.GetStatistics().CompactionBytesWritten, heard.Of("measured", "lsmtree.job.written", "lsmtree.kind", "compaction").Sum());
    }

    [Fact]
    public void Nothing_is_computed_when_nobody_listens()
    {
        var time = new CountingTime();
        using var store = LsmStore.OpenInMemory(s_manual with { Time = time, MemtableBytes = 1 << 20 });
        var value = new byte[8];
        var reads = time.Reads;
        Assert.Equal(0, Allocations.Least(() =>
        {
            store.Put("key"u8, value);
            store.Delete("key"u8);
            store.TryGet("key"u8, value, out _);
        }));
        store.Put("key"u8, value, Durability.Full);
        Assert.Equal(reads, time.Reads);
    }

    /// <summary>Other tests leave stores behind, which the garbage collector may take at any time: only those of this class count.</summary>
    private static IEnumerable<string> NamesInUse() =>
        StorageInstruments.Stores.ToList().Select(static store => store.Name).Where(static name => name.StartsWith("measured", StringComparison.Ordinal));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference OpenAndDrop()
    {
        var store = LsmStore.OpenInMemory(s_manual with { Name = "dropped" });
        store.Put("a"u8, "b"u8);
        return new WeakReference(store);
    }
}
