using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Transactions;

/// <summary>Transactions far older than any table of recent commits would reach back (docs/decisions/0003).</summary>
public sealed class OldTransactionTests
{
    private const int CommitsAfter = 200_000;

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 1 << 20, TableBytes = 1 << 20, Seed = 1 };

    [Theory]
    [InlineData(TransactionIsolation.Snapshot)]
    [InlineData(TransactionIsolation.Serializable)]
    public void A_transaction_that_is_200_000_commits_old_conflicts_with_what_it_wrote_and_with_nothing_else(TransactionIsolation isolation)
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), "/db", null, s_options);
        store.Put("untouched"u8, "0"u8);
        store.Put("touched"u8, "0"u8);
        using var free = store.BeginTransaction(isolation);
        using var loser = store.BeginTransaction(isolation);
        using var reader = store.BeginTransaction(isolation);
        Assert.True(free.Contains("untouched"u8));
        Assert.True(reader.Contains("touched"u8));
        store.Put("touched"u8, "the first commit after them"u8);
        Age(store, CommitsAfter);

        free.Put("untouched"u8, "1"u8);
        free.Commit();
        loser.Put("touched"u8, "1"u8);
        Assert.Throws<ConflictException>(() => loser.Commit());
        reader.Put("other"u8, "1"u8);
        if (isolation == TransactionIsolation.Serializable)
        {
            Assert.Throws<ConflictException>(() => reader.Commit());
        }
        else
        {
            reader.Commit();
        }

        Assert.True(store.TryGet("untouched"u8, out byte[]? value));
        Assert.Equal("1"u8, value);
    }

    [Fact]
    public void The_check_of_a_key_reads_no_more_blocks_for_ten_times_as_many_commits()
    {
        var few = BlocksOfCheck(CommitsAfter / 10);
        var many = BlocksOfCheck(CommitsAfter);
        Assert.InRange(few, 0, 8);
        Assert.InRange(many, 0, 8); // at most one block and one filter for each level, and a few tables of level 0
    }

    private static long BlocksOfCheck(int commits)
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), "/db", null, s_options);
        store.Put("key"u8, "0"u8);
        using var old = store.BeginTransaction();
        Age(store, commits);
        old.Put([0, 0, 0, 5, 1], "1"u8); // between keys that were written since
        var before = store.GetStatistics();
        old.Commit();
        var after = store.GetStatistics();
        return after.BlockCacheHits + after.BlockCacheMisses - before.BlockCacheHits - before.BlockCacheMisses;
    }

    private static void Age(LsmStore store, int commits)
    {
        Span<byte> key = stackalloc byte[4];
        var value = new byte[24];
        for (var commit = 0; commit < commits; commit++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(key, commit);
            store.Put(key, value);
            if (commit % 5_000 == 0)
            {
                store.RunBackgroundStep();
            }
        }

        store.Flush();
        while (store.RunBackgroundStep())
        {
            // Until the tree is in order.
        }
    }
}
