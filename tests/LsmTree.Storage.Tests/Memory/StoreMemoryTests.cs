using System.Diagnostics;
using System.Text;
using LsmTree.Storage.Commits;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Recovery;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Memory;

/// <summary>What a store takes outside the managed heap stays within its budget, and all of it comes back.</summary>
[Collection(AloneCollection.Name)]
public sealed class StoreMemoryTests
{
    private const long MemtableBytes = 2 << 20;

    private static LsmStoreOptions Options => new() { MemtableBytes = MemtableBytes, TableBytes = 1 << 20, BlockCacheBytes = 1 << 20, Durability = Durability.Normal };

    [Fact]
    public void Sustained_overwriting_keeps_within_three_memtables_and_ends_at_nothing()
    {
        var store = LsmStore.OpenInMemory(Options);
        var random = new Random(5);
        var value = new byte[500];
        long most = 0;
        for (var i = 0; i < 100_000; i++)
        {
            store.Put(Key(random.Next(3000)), value);
            if (i % 16 == 0)
            {
                most = Math.Max(most, store.GetStatistics().MemtableMemoryBytes);
                Assert.InRange(store.GetStatistics().BlockCacheBytes, 0, 1 << 20);
            }
        }

        // Memtables end in the middle of a chunk, and one that was flushed may wait for a reader of another test.
        var allowed = CommitSettings.MostMemtables * (MemtableBytes + ChunkStock.ChunkBytes) + MemtableBytes;
        Assert.InRange(most, MemtableBytes, allowed);
        Assert.InRange(store.GetStatistics().Flushes, 10, long.MaxValue);
        store.Dispose();
        ComesBack(store);
    }

    [Fact]
    public void A_put_allocates_nothing_that_is_managed()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Durability = Durability.Off, MemtableBytes = 64 << 20 });
        var key = new byte[16];
        var value = new byte[100];
        var random = new Random(1);
        Assert.InRange(
            Allocations.Least(() =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    random.NextBytes(key);
                    store.Put(key, value);
                }
            }),
            0,
            1000);
    }

    [Fact]
    public void A_cursor_holds_its_memtables_and_no_longer_than_it_lives()
    {
        var store = LsmStore.OpenInMemory(Options with { Background = BackgroundMode.Manual });
        Fill(store, 1000);
        var cursor = store.CreateCursor();
        var other = store.CreateCursor();
        for (var round = 0; round < 5; round++)
        {
            store.Flush();
            Fill(store, 1000);
        }

        other.Dispose();
        var held = store.GetStatistics().MemtableMemoryBytes;
        var entries = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            Assert.Equal(Key(entries++), cursor.Key);
            Assert.Equal(300, cursor.Value.Length);
        }

        Assert.Equal(1000, entries);
        cursor.Dispose();
        Soon(() => store.GetStatistics().MemtableMemoryBytes < held);
        store.Dispose();
        ComesBack(store);
    }

    [Fact]
    public void A_cursor_that_outlives_the_store_holds_its_memory_until_it_is_disposed()
    {
        var store = LsmStore.OpenInMemory(Options with { Background = BackgroundMode.Manual });
        Fill(store, 100);
        var cursor = store.CreateCursor();
        store.Dispose();
        Assert.NotEqual(0, store.GetStatistics().MemtableMemoryBytes);
        cursor.Dispose();
        ComesBack(store);
        Assert.Throws<ObjectDisposedException>(() => store.CreateCursor());
        Assert.Throws<ObjectDisposedException>(() => store.TryGet("k"u8, out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cursor_over_pending_edits_may_outlive_transaction_and_store(bool storeGoesFirst)
    {
        var store = LsmStore.OpenInMemory(Options with { Background = BackgroundMode.Manual });
        store.Put(Key(0), "committed"u8);
        var transaction = store.BeginTransaction();
        transaction.Put(Key(1), "pending"u8);
        var first = transaction.CreateCursor();
        transaction.Put(Key(2), "later"u8);
        var second = transaction.CreateCursor();
        transaction.Dispose();
        for (var i = 0; i < 10; i++)
        {
            using var next = store.BeginTransaction();
            next.Put(Key(1), "another"u8);
            next.Put(Key(2), "another"u8);
        }

        Assert.Equal(["committed", "pending"], Texts(first));
        first.Dispose();
        Assert.Equal(["committed", "pending", "later"], Texts(second));
        if (storeGoesFirst)
        {
            store.Dispose();
            second.Dispose();
        }
        else
        {
            second.Dispose();
            store.Dispose();
        }

        ComesBack(store);
    }

    [Fact]
    public void A_transaction_that_outlives_the_store_gives_its_memory_back_when_it_ends()
    {
        var store = LsmStore.OpenInMemory(Options);
        var transactions = Enumerable.Range(0, 3).Select(_ => store.BeginTransaction()).ToArray();
        foreach (var transaction in transactions)
        {
            transaction.Put(Key(1), new byte[100_000]);
            transaction.DeleteRange(Key(2), Key(3));
            Assert.True(transaction.TryGet(Key(1), out byte[]? _)); // by the sorted index, beside a range delete
        }

        transactions[0].Dispose();
        store.Dispose();
        Assert.NotEqual(0, store.GetStatistics().MemtableMemoryBytes);
        transactions[1].Dispose();
        transactions[2].Dispose();
        ComesBack(store);
    }

    [Theory]
    [InlineData(OpenMode.ReadWrite)]
    [InlineData(OpenMode.ReadOnly)]
    public void An_open_that_fails_at_any_operation_gives_everything_back(OpenMode mode)
    {
        var options = Options with { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Seed = 3 };
        var written = new FaultyFileSystem();
        Fill(LsmStore.OpenOn(written, "/db", null, options), 500);
        var settings = OptionsSplit.Recovery(options with { Mode = mode });
        var failed = 0;
        for (var operation = 0; ; operation++)
        {
            var files = written.Crash(CrashProfile.ProcessDeath);
            files.FailWhen(static (_, _) => true, skip: operation);
            using var stock = new ChunkStock(long.MaxValue / 2);
            try
            {
                using var recovered = StoreRecovery.Open(files, "/db", "/db", settings, stock);
                Assert.InRange(recovered.ReplayedEntries, 1, 500);
                Assert.NotEqual(0, stock.Bytes);
                recovered.Memtable.Free();
                Assert.Equal(0, stock.Bytes);
                break;
            }
            catch (Exception error) when (error is IOException or StoreException)
            {
                failed++;
                Assert.Equal(0, stock.Bytes);
            }
        }

        Assert.InRange(failed, 5, int.MaxValue);
    }

    private static void Fill(LsmStore store, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            store.Put(Key(i), new byte[300]);
        }
    }

    private static List<string> Texts(StoreCursor cursor)
    {
        var texts = new List<string>();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            texts.Add(Encoding.UTF8.GetString(cursor.Value));
        }

        return texts;
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"key{number:D6}");

    private static void ComesBack(LsmStore store) => Soon(() => store.GetStatistics().MemtableMemoryBytes == 0);

    /// <summary>Readers of other tests may hold a release up for a moment.</summary>
    private static void Soon(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Background.Patience, "Memory did not come back.");
            Thread.Sleep(1);
        }
    }
}
