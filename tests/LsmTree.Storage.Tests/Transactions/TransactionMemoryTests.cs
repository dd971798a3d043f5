namespace LsmTree.Storage.Tests.Transactions;

/// <summary>What a transaction may hold in memory, and what one that follows another allocates.</summary>
public sealed class TransactionMemoryTests
{
    [Theory]
    [InlineData("put")]
    [InlineData("expiring")]
    [InlineData("delete")]
    [InlineData("range")]
    [InlineData("read")]
    public void Beyond_its_limit_a_transaction_refuses_by_name_and_stays_usable(string how)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { TransactionBytes = 64 << 10, Background = BackgroundMode.Manual });
        using var transaction = store.BeginTransaction(TransactionIsolation.Serializable);
        transaction.Put("first"u8, "1"u8);
        var made = 0;
        var refusal = Assert.Throws<TransactionTooLargeException>(() =>
        {
            for (; made < 10_000; made++)
            {
                Do(transaction, how, made);
            }
        });
        Assert.Contains("65536", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(LsmStoreOptions.TransactionBytes), refusal.Message, StringComparison.Ordinal);
        Assert.InRange(made, 50, 9_999);
        Assert.InRange(transaction.PendingBytes, 32 << 10, 64 << 10);
        Assert.True(transaction.TryGet("first"u8, out byte[]? _));
        Assert.Equal(how == "read" ? 1 : made + 1, transaction.WriteCount);
        transaction.Commit();
        Assert.True(store.Contains("first"u8));
    }

    [Fact]
    public void Rolling_back_to_a_savepoint_makes_room_again()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { TransactionBytes = 64 << 10, Background = BackgroundMode.Manual });
        using var transaction = store.BeginTransaction();
        var savepoint = transaction.CreateSavepoint();
        for (var round = 0; round < 3; round++)
        {
            Assert.Throws<TransactionTooLargeException>(() =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    Do(transaction, "put", i);
                }
            });
            transaction.RollbackTo(savepoint);
            Assert.Equal(0, transaction.WriteCount);
        }

        transaction.Put("k"u8, "v"u8);
        transaction.Commit();
        Assert.True(store.Contains("k"u8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public void A_transaction_that_follows_another_allocates_at_most_64_bytes_an_insert(int inserts)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Durability = Durability.Off, MemtableBytes = 256 << 20 });
        var key = new byte[16];
        var value = new byte[100];
        var each = Allocations.Least(() =>
        {
            using var transaction = store.BeginTransaction();
            for (var i = 0; i < inserts; i++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(key, i);
                transaction.Put(key, value);
            }

            transaction.Rollback();
        }) / inserts;
        Assert.True(each <= (inserts == 1 ? 400 : 64), $"{each} bytes were allocated for each insert");
    }

    [Fact]
    public void Memory_that_was_used_before_holds_the_edits_of_the_next_transaction_and_nothing_else()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        for (var round = 0; round < 12; round++)
        {
            using var transaction = store.BeginTransaction();
            var expected = new SortedDictionary<int, int>();
            for (var i = random.Next(3_000); i > 0; i--)
            {
                var (key, length) = (random.Next(5_000), random.Next(40) == 0 ? random.Next(20_000) : random.Next(200));
                var bytes = new byte[4];
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, key);
                transaction.Put(bytes, Enumerable.Repeat((byte)key, length).ToArray());
                expected[key] = length;
            }

            Assert.Equal(expected, Contents(transaction, withCursor: round % 3 == 2));
            transaction.Rollback();
        }
    }

    [Fact]
    public async Task A_transaction_begins_on_one_thread_goes_on_on_another_and_commits_on_a_third()
    {
        using var store = LsmStore.OpenInMemory();
        var threads = new HashSet<Thread>();
        StoreTransaction? transaction = null;
        OnItsOwnThread(() => transaction = store.BeginTransaction(TransactionIsolation.Serializable));
        using (transaction)
        {
            OnItsOwnThread(() => transaction!.Put("a"u8, "1"u8));
            await Task.Yield();
            OnItsOwnThread(() =>
            {
                Assert.True(transaction!.TryGet("a"u8, out byte[]? value));
                Assert.Equal("1"u8, value);
                using var cursor = transaction.CreateCursor();
                Assert.True(cursor.SeekToFirst());
                transaction.Put("b"u8, "2"u8);
            });
            await Task.Yield();
            await transaction!.CommitAsync(Durability.Full, TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, threads.Count);
        Assert.True(store.Contains("a"u8) && store.Contains("b"u8));

        void OnItsOwnThread(Action work)
        {
            Exception? failure = null;
            var thread = new Thread(() =>
            {
                try
                {
                    threads.Add(Thread.CurrentThread);
                    work();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            });
            thread.Start();
            thread.Join();
            Assert.Null(failure);
        }
    }

    private static SortedDictionary<int, int> Contents(StoreTransaction transaction, bool withCursor)
    {
        var contents = new SortedDictionary<int, int>();
        if (withCursor)
        {
            using var cursor = transaction.CreateCursor();
            for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
            {
                Add(cursor.Key, cursor.Value);
            }

            return contents;
        }

        var bytes = new byte[4];
        for (var key = 0; key < 5_000; key++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, key);
            if (transaction.TryGet(bytes, out byte[]? value))
            {
                Add(bytes, value);
            }
        }

        return contents;

        void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(key);
            Assert.Equal(-1, value.IndexOfAnyExcept((byte)number));
            contents.Add(number, value.Length);
        }
    }

    private static void Do(StoreTransaction transaction, string how, int i)
    {
        var key = BitConverter.GetBytes(i);
        switch (how)
        {
            case "put":
                transaction.Put(key, new byte[100]);
                break;
            case "expiring":
                transaction.Put(key, new byte[100], DateTimeOffset.MaxValue);
                break;
            case "delete":
                transaction.Delete(key);
                break;
            case "range":
                transaction.DeleteRange(key, [.. key, 0]);
                break;
            default:
                transaction.Contains(key);
                break;
        }
    }
}
