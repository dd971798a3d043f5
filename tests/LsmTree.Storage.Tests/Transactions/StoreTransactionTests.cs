using System.Text;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Transactions;

public sealed class StoreTransactionTests : IDisposable
{
    private readonly LsmStore _store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Own_writes_are_read_and_others_see_them_only_after_commit()
    {
        _store.Put("a"u8, "1"u8);
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "2"u8);
        transaction.Delete("b"u8);
        Assert.Equal("2", Get(transaction, "a"));
        Assert.Equal("1", Get("a"));
        transaction.Commit();
        Assert.Equal("2", Get("a"));
        Assert.False(transaction.IsActive);
        Assert.Throws<InvalidOperationException>(() => transaction.Put("c"u8, "3"u8));
    }

    [Fact]
    public void The_first_committer_wins_and_the_loser_writes_nothing()
    {
        using var first = _store.BeginTransaction();
        using var second = _store.BeginTransaction();
        first.Put("a"u8, "first"u8);
        second.Put("a"u8, "second"u8);
        second.Put("b"u8, "second"u8);
        first.Commit();
        var error = Assert.Throws<ConflictException>(() => second.Commit());
        Assert.True(error.IsTransient);
        Assert.Contains("'a'", error.Message);
        Assert.Equal("first", Get("a"));
        Assert.Null(Get("b"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_outside_transactions_conflicts_too_also_when_it_was_flushed_and_compacted_meanwhile(bool flush)
    {
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "mine"u8);
        _store.Put("a"u8, "theirs"u8);
        if (flush)
        {
            _store.Flush();
            _store.Compact();
        }

        Assert.Throws<ConflictException>(() => transaction.Commit());
    }

    [Fact]
    public void Range_deletes_conflict_with_writes_into_the_range_and_the_other_way_round()
    {
        using (var transaction = _store.BeginTransaction())
        {
            transaction.DeleteRange("a"u8, "m"u8);
            _store.Put("k"u8, "new"u8);
            Assert.Throws<ConflictException>(() => transaction.Commit());
        }

        using (var transaction = _store.BeginTransaction())
        {
            transaction.Put("b"u8, "x"u8);
            _store.DeleteRange("a"u8, "c"u8);
            Assert.Throws<ConflictException>(() => transaction.Commit());
        }

        using (var transaction = _store.BeginTransaction())
        {
            transaction.DeleteRange("a"u8, "m"u8);
            _store.Put("m"u8, "outside"u8);
            transaction.Commit();
        }

        Assert.Equal("outside", Get("m"));
        Assert.Null(Get("k"));
    }

    [Fact]
    public void Snapshot_lets_write_skew_through_and_Serializable_does_not()
    {
        Assert.Null(WriteSkew(TransactionIsolation.Snapshot));
        Assert.IsType<ConflictException>(WriteSkew(TransactionIsolation.Serializable));
    }

    [Fact]
    public void Serializable_validates_the_ranges_that_its_cursors_have_walked_and_no_more()
    {
        _store.Put("b"u8, "1"u8);
        _store.Put("d"u8, "1"u8);
        using (var transaction = _store.BeginTransaction(TransactionIsolation.Serializable))
        {
            using (var cursor = transaction.CreateCursor())
            {
                Assert.True(cursor.Seek("a"u8)); // has looked at [a, b]
            }

            transaction.Put("x"u8, "1"u8);
            _store.Put("c"u8, "beyond what was read"u8);
            transaction.Commit();
        }

        using (var transaction = _store.BeginTransaction(TransactionIsolation.Serializable))
        {
            using (var cursor = transaction.CreateCursor())
            {
                Assert.True(cursor.Seek("a"u8));
                Assert.True(cursor.Next());
                Assert.True(cursor.Next()); // has looked at [a, d]
            }

            transaction.Put("x"u8, "2"u8);
            _store.Put("bb"u8, "a phantom"u8);
            Assert.Throws<ConflictException>(() => transaction.Commit());
        }
    }

    [Fact]
    public void Savepoints_undo_what_came_after_them()
    {
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "1"u8);
        var savepoint = transaction.CreateSavepoint();
        transaction.Put("a"u8, "2"u8);
        transaction.DeleteRange("a"u8, "z"u8);
        Assert.Null(Get(transaction, "a"));
        transaction.RollbackTo(savepoint);
        Assert.Equal("1", Get(transaction, "a"));
        transaction.RollbackTo(savepoint);
        transaction.Put("b"u8, "3"u8);
        transaction.Commit();
        Assert.Equal("1", Get("a"));
        Assert.Equal("3", Get("b"));
    }

    [Fact]
    public void A_commit_that_waits_for_room_looks_at_what_was_committed_meanwhile()
    {
        var overtaker = new Overtaker();
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Events = overtaker });
        overtaker.Store = store;
        for (var i = 0; i < 200; i++)
        {
            using var transaction = store.BeginTransaction();
            transaction.Put("key"u8, new byte[4 << 10]);
            if (Record.Exception(() => transaction.Commit()) is { } refusal)
            {
                Assert.IsType<ConflictException>(refusal);
                break;
            }

            Assert.False(overtaker.IsDone, "a commit overwrote what was committed while it waited for room");
        }

        Assert.True(store.TryGet("key"u8, out byte[]? value));
        Assert.Equal("overtaken"u8, value);
    }

    [Fact]
    public void A_cursor_does_not_see_edits_that_its_transaction_makes_later()
    {
        _store.Put("a"u8, "0"u8);
        using var transaction = _store.BeginTransaction();
        transaction.Put("b"u8, "1"u8);
        using var cursor = transaction.CreateCursor();
        transaction.Put("a"u8, "2"u8);
        transaction.Put("b"u8, "2"u8);
        transaction.Put("c"u8, "2"u8);
        transaction.DeleteRange("a"u8, "b"u8);
        Assert.True(cursor.SeekToFirst());
        Assert.Equal("a"u8, cursor.Key);
        Assert.Equal("0"u8, cursor.Value);
        Assert.True(cursor.Next());
        Assert.Equal("b"u8, cursor.Key);
        Assert.Equal("1"u8, cursor.Value);
        Assert.False(cursor.Next());
    }

    [Fact]
    public void A_cursor_keeps_what_it_saw_when_its_transaction_goes_on_rolls_back_to_a_savepoint_or_ends()
    {
        var transaction = _store.BeginTransaction();
        for (var i = 0; i < 50; i++)
        {
            transaction.Put([(byte)i], [(byte)i]);
        }

        var cursor = transaction.CreateCursor();
        Assert.True(cursor.SeekToFirst());
        transaction.RollbackTo(new StoreSavepoint(10));
        for (var i = 100; i < 200; i++)
        {
            transaction.Put([(byte)i], [(byte)i]);
        }

        transaction.Commit();
        using (var next = _store.BeginTransaction())
        {
            for (var i = 0; i < 100; i++)
            {
                next.Put([(byte)i], "other"u8);
            }

            for (var i = 0; i < 50; i++)
            {
                Assert.Equal([(byte)i], cursor.Value);
                Assert.Equal(i < 49, cursor.Next());
            }
        }

        cursor.Dispose();
    }

    [Fact]
    public void Disposing_rolls_back_and_releases_the_snapshot()
    {
        var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "1"u8);
        Assert.Equal(1, _store.GetStatistics().OpenSnapshots);
        transaction.Dispose();
        transaction.Dispose();
        Assert.Null(Get("a"));
        Assert.Equal(0, _store.GetStatistics().OpenSnapshots);
    }

    [Fact]
    public void Transfers_between_accounts_on_many_threads_keep_the_total()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10 });
        const int Accounts = 20;
        for (var i = 0; i < Accounts; i++)
        {
            store.Put([(byte)i], BitConverter.GetBytes(100));
        }

        Exception? failure = null;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            try
            {
                var random = new Random(seed);
                for (var i = 0; i < 500; i++)
                {
                    Transfer(store, random);
                    if (i % 20 == 0)
                    {
                        Assert.Equal(Accounts * 100, Total(store));
                    }
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
        Assert.Equal(Accounts * 100, Total(store));
    }

    private static void Transfer(LsmStore store, Random random)
    {
        while (true)
        {
            using var transaction = store.BeginTransaction();
            byte[] from = [(byte)random.Next(20)];
            byte[] to = [(byte)random.Next(20)];
            if (from[0] == to[0])
            {
                return;
            }

            Assert.True(transaction.TryGet(from, out byte[]? source));
            Assert.True(transaction.TryGet(to, out byte[]? target));
            transaction.Put(from, BitConverter.GetBytes(BitConverter.ToInt32(source) - 1));
            transaction.Put(to, BitConverter.GetBytes(BitConverter.ToInt32(target) + 1));
            try
            {
                transaction.Commit();
                return;
            }
            catch (ConflictException)
            {
                // Somebody was faster: again.
            }
        }
    }

    private static int Total(LsmStore store)
    {
        using var cursor = store.CreateCursor();
        var total = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            total += BitConverter.ToInt32(cursor.Value);
        }

        return total;
    }

    private Exception? WriteSkew(TransactionIsolation isolation)
    {
        _store.Put("x"u8, "1"u8);
        _store.Put("y"u8, "1"u8);
        using var first = _store.BeginTransaction(isolation);
        using var second = _store.BeginTransaction(isolation);
        Assert.NotNull(Get(first, "y"));
        Assert.NotNull(Get(second, "x"));
        first.Put("x"u8, "0"u8);
        second.Put("y"u8, "0"u8);
        first.Commit();
        return Record.Exception(() => second.Commit());
    }

    private string? Get(string key) => _store.TryGet(Encoding.UTF8.GetBytes(key), out byte[]? value) ? Encoding.UTF8.GetString(value) : null;

    private static string? Get(StoreTransaction transaction, string key) => transaction.TryGet(Encoding.UTF8.GetBytes(key), out byte[]? value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Commits when the first flush is done, which is while somebody else's commit waits for it.</summary>
    private sealed class Overtaker : StoreEventListener
    {
        public LsmStore? Store { get; set; }

        public bool IsDone { get; private set; }

        public override void OnFlushCompleted(FlushCompleted completed)
        {
            if (!IsDone)
            {
                IsDone = true;
                Background.Run(() => Store!.Put("key"u8, "overtaken"u8)).Wait(); // there is room by now
            }
        }
    }
}
