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
}
