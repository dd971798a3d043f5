using System.Text;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>Batches that are larger than a memtable.</summary>
public sealed class LargeBatchTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Durability = Durability.Full, Seed = 1 };

    [Fact]
    public void A_batch_of_many_memtables_is_visible_whole_and_later_entries_win()
    {
        using var store = LsmStore.OpenInMemory(s_options with { Durability = Durability.Normal });
        store.Put("before"u8, "1"u8);
        store.Put(Key(3), "old"u8);
        using var snapshot = store.CreateSnapshot();
        var batch = Large(2_000);
        batch.Put(Key(5), "the last one wins"u8);
        batch.DeleteRange(Key(100), Key(200));
        batch.Put(Key(150), "after the range"u8);
        batch.Delete("before"u8);
        var last = store.LastSequence;
        store.Write(batch);
        Assert.Equal(last + 2_004, store.LastSequence);
        store.Put("after"u8, "2"u8);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(2_000 - 99 + 1, LsmStoreTests.Dump(store).Count);
            Assert.True(store.TryGet(Key(5), out byte[]? value));
            Assert.Equal("the last one wins"u8, value);
            Assert.True(store.TryGet(Key(150), out value));
            Assert.Equal("after the range"u8, value);
            Assert.False(store.TryGet(Key(120), out value));
            Assert.True(store.TryGet(Key(3), out value, snapshot));
            Assert.Equal("old"u8, value);
            Assert.False(store.TryGet(Key(4), out value, snapshot));
            Assert.True(store.TryGet("before"u8, out value, snapshot));
            store.Flush();
        }
    }

    [Fact]
    public void Recovery_finds_it_whole_however_often_it_is_cut_short()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("before"u8, "1"u8);
        store.Write(Large(1_000));
        store.Put("after"u8, "2"u8);
        var expected = LsmStoreTests.Dump(store);
        var crashed = files.Crash(CrashProfile.PowerCut);
        for (var round = 0; round < 3; round++)
        {
            // The power goes again in the middle of each recovery.
            var attempt = crashed.Crash(CrashProfile.PowerCut);
            attempt.StopAt(attempt.Operations + 5 + 10 * round);
            Assert.ThrowsAny<Exception>(() => LsmStore.OpenOn(attempt, "/db", null, s_options));
            crashed = attempt.Crash(CrashProfile.PowerCut);
        }

        using (var recovered = LsmStore.OpenOn(crashed, "/db", null, s_options))
        {
            Assert.Equal(expected, LsmStoreTests.Dump(recovered));
        }

        store.Dispose();
    }

    [Fact]
    public void A_full_log_refuses_it_whole()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("before"u8, "1"u8);
        files.FailOn(FileOperation.Append, ".log", static () => new StoreFullException("full"), skip: 1, sticky: true);
        Assert.Throws<StoreFullException>(() => store.Write(Large(1_000)));
        Assert.Equal(["before=1"], LsmStoreTests.Dump(store));
        files.ClearFaults();
        store.Write(Large(1_000));
        Assert.Equal(1_001, LsmStoreTests.Dump(store).Count);
        using var reopened = LsmStore.OpenOn(files.Crash(CrashProfile.PowerCut), "/db", null, s_options);
        Assert.Equal(1_001, LsmStoreTests.Dump(reopened).Count);
    }

    [Fact]
    public void A_transaction_larger_than_a_memtable_still_meets_its_conflicts()
    {
        using var store = LsmStore.OpenInMemory(s_options with { Durability = Durability.Normal });
        using var transaction = store.BeginTransaction();
        for (var i = 0; i < 1_000; i++)
        {
            transaction.Put(Key(i), new byte[100]);
        }

        store.Put(Key(77), "first"u8);
        Assert.Throws<ConflictException>(() => transaction.Commit());
        Assert.Single(LsmStoreTests.Dump(store));
    }

    [Fact]
    public async Task Large_and_small_writers_beside_each_other_lose_nothing()
    {
        using var store = LsmStore.OpenInMemory(s_options with { Background = BackgroundMode.Threads, Durability = Durability.Normal });
        var writers = Enumerable.Range(0, 4).Select(writer => Background.Run(() =>
        {
            for (var round = 0; round < 5; round++)
            {
                store.Write(Large(700, from: writer * 100_000 + round * 1_000));
                for (var i = 700; i < 1_000; i++)
                {
                    store.Put(Key(writer * 100_000 + round * 1_000 + i), "small"u8);
                }
            }
        })).ToArray();
        await Task.WhenAll(writers).WaitAsync(Background.Patience);
        Assert.Equal(20_000, LsmStoreTests.Dump(store).Count);
        store.Compact();
        Assert.Equal(20_000, LsmStoreTests.Dump(store).Count);
        Assert.True(store.Verify().IsSound);
    }

    private static WriteBatch Large(int count, int from = 0)
    {
        var batch = new WriteBatch();
        for (var i = from; i < from + count; i++)
        {
            batch.Put(Key(i), new byte[100]);
        }

        return batch;
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"key{number:D6}");
}
