using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Maintenance;

/// <summary>Closing while a thread of the store is in the middle of its work.</summary>
public sealed class ClosingTests
{
    [Theory]
    [InlineData("lsmtree compaction", false)]
    [InlineData("lsmtree compaction", true)]
    [InlineData("lsmtree flush", false)]
    [InlineData("lsmtree flush", true)]
    public async Task A_store_that_is_closed_beside_its_work_waits_for_it_and_loses_nothing(string thread, bool fails)
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var disk = new FaultyFileSystem();
        var files = new HeldFileSystem(disk, (operation, path) =>
        {
            if (operation == FileOperation.Create && path.EndsWith(".sst", StringComparison.Ordinal)
                && !goOn.IsSet && Thread.CurrentThread.Name?.StartsWith(thread, StringComparison.Ordinal) == true)
            {
                begun.Set();
                Background.Await(goOn);
                if (fails)
                {
                    throw new IOException("the disk said no");
                }
            }
        });
        var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { MemtableBytes = 4 << 20, TableBytes = 1 << 20, Seed = 1 }); // memory enough that the writer does not wait for the flush that is held
        var written = 0;
        var writer = Background.Run(() =>
        {
            for (; !begun.IsSet; written++)
            {
                store.Put(BitConverter.GetBytes(written % 500), new byte[500]);
            }
        });
        await writer.WaitAsync(Background.Patience);
        var contents = LsmStoreTests.Dump(store);
        var closing = Background.Run(store.Dispose);
        Assert.True(SpinWait.SpinUntil(() => IsClosing(store), Background.Patience));
        Assert.False(closing.IsCompleted);
        goOn.Set();
        await closing.WaitAsync(Background.Patience);
        Assert.Empty(disk.OpenHandles);
        using var reopened = LsmStore.OpenOn(disk, "/db", null, new LsmStoreOptions { Background = BackgroundMode.Manual, Seed = 1 });
        Assert.Equal(contents, LsmStoreTests.Dump(reopened));
    }

    private static bool IsClosing(LsmStore store)
    {
        try
        {
            store.Contains("any"u8);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    [Fact]
    public void A_store_that_is_closed_while_a_writer_creates_the_next_log_waits_and_leaves_no_file_to_come()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var disk = new FaultyFileSystem();
        var files = new HeldFileSystem(disk, (operation, path) =>
        {
            if (operation == FileOperation.Create && Thread.CurrentThread.Name == "writer" && path.EndsWith(".log", StringComparison.Ordinal))
            {
                begun.Set();
                Background.Await(goOn);
            }
        });
        var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Seed = 1 });
        store.Put("a"u8, new byte[70_000]); // the next write needs another memtable, and so another log
        Exception? refusal = null;
        var writer = new Thread(() => refusal = Record.Exception(() => store.Put("b"u8, "2"u8))) { Name = "writer", IsBackground = true };
        writer.Start();
        Background.Await(begun);
        var closing = new Thread(store.Dispose) { IsBackground = true };
        closing.Start();
        Assert.True(SpinWait.SpinUntil(() => !closing.IsAlive || closing.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Background.Patience));
        Assert.True(closing.IsAlive, "the directory is free while a file is being created in it");
        goOn.Set();
        Assert.True(closing.Join(Background.Patience));
        var left = disk.List("/db");
        Assert.True(writer.Join(Background.Patience));
        Assert.IsType<ObjectDisposedException>(refusal);
        Assert.Equal(left, disk.List("/db"));
        Assert.Empty(disk.OpenHandles);
    }

    [Fact]
    public async Task A_failed_store_that_is_closed_beside_a_commit_does_not_take_the_log_from_under_it()
    {
        using var isSyncing = new ManualResetEventSlim();
        using var syncFails = new ManualResetEventSlim();
        using var isAppending = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var isReady = false;
        var disposals = 0;
        var files = new HeldFileSystem(new FaultyFileSystem(), (operation, path) =>
        {
            if (!Volatile.Read(ref isReady) || !path.EndsWith(".log", StringComparison.Ordinal))
            {
                return;
            }

            switch (operation)
            {
                case FileOperation.Sync:
                    isSyncing.Set();
                    Background.Await(syncFails);
                    throw new IOException("the disk said no");
                case FileOperation.Append when isSyncing.IsSet:
                    isAppending.Set();
                    Background.Await(goOn);
                    Assert.Equal(0, Volatile.Read(ref disposals));
                    break;
                case FileOperation.Dispose:
                    Interlocked.Increment(ref disposals);
                    break;
            }
        });
        var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Durability = Durability.Normal, Seed = 1 });
        Volatile.Write(ref isReady, true);
        var full = Background.Run(() => store.Put("first"u8, "1"u8, Durability.Full));
        Background.Await(isSyncing);
        var commit = Background.Run(() => store.Put("second"u8, "2"u8));
        Background.Await(isAppending);
        syncFails.Set();
        await Assert.ThrowsAsync<StoreFailedException>(() => full.WaitAsync(Background.Patience));
        var closing = Background.Run(store.Dispose);
        SpinWait.SpinUntil(() => Volatile.Read(ref disposals) > 0, TimeSpan.FromMilliseconds(300)); // a chance to do it wrong
        goOn.Set();
        await commit.WaitAsync(Background.Patience);
        await closing.WaitAsync(Background.Patience);
        Assert.NotEqual(0, disposals);
    }
}
