using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>A disk that is full for a while: what is refused, what goes on, and that everything resumes.</summary>
public sealed class FullDiskTests
{
    private static readonly LsmStoreOptions s_stepped = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, Seed = 1 };

    [Fact]
    public void A_compaction_without_space_pauses_leaves_nothing_behind_and_is_tried_again()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_stepped);
        for (var table = 0; table < 4; table++)
        {
            Fill(store, 500);
            store.Flush();
        }

        var before = files.List("/db").Where(IsTable).ToArray();
        files.FailOn(FileOperation.Sync, ".sst", static () => new StoreFullException("full"), sticky: true);
        Assert.Throws<StoreFullException>(() => StepToTheEnd(store));
        Assert.Equal(before, files.List("/db").Where(IsTable));
        store.Put("written"u8, "meanwhile"u8);
        Assert.True(store.TryGet("written"u8, out byte[]? _));
        Assert.Null(store.GetStatistics().Failure);
        files.ClearFaults();
        StepToTheEnd(store);
        Assert.NotEmpty(store.GetLevels());
        Assert.Equal(0, store.GetLevels()[0].Tables);
        Assert.Equal(501, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public void A_compaction_leaves_the_last_space_to_the_log()
    {
        var files = new HeldFileSystem(new MemoryFileSystem(), static (_, _) => { });
        using var store = LsmStore.OpenOn(files, "/db", null, s_stepped);
        Fill(store, 300);
        store.Flush();
        files.Free = 8 << 20;
        var error = Assert.Throws<StoreFullException>(() => store.Compact());
        Assert.Contains("kept for the log", error.Message, StringComparison.Ordinal);
        Assert.Single(files.List("/db"), IsTable);
        store.Put("still"u8, "possible"u8);
        files.Free = null;
        store.Compact();
        Assert.Equal(301, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public void A_flush_without_space_stops_writes_that_need_it_and_they_resume_when_it_returns()
    {
        using var flushed = new ManualResetEventSlim();
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_stepped with { Background = BackgroundMode.Threads, Events = new FlushListener(flushed.Set) });
        files.FailOn(FileOperation.Create, ".sst", static () => new StoreFullException("full"), sticky: true);
        var written = 0;
        var error = Assert.Throws<StoreFullException>(() =>
        {
            for (; written < 1_000_000; written++)
            {
                store.Put(BitConverter.GetBytes(written), new byte[1_000]);
            }
        });
        Assert.Contains("Writes resume when space returns", error.Message, StringComparison.Ordinal);
        Assert.True(store.TryGet(BitConverter.GetBytes(written - 1), out byte[]? _), "reads go on");
        Assert.False(store.TryGet(BitConverter.GetBytes(written), out byte[]? _), "the refused write is not there");
        Assert.Null(store.GetStatistics().Failure);
        flushed.Reset();
        files.ClearFaults();
        Background.Await(flushed);
        Assert.True(SpinWait.SpinUntil(() => TryDo(() => store.Put(BitConverter.GetBytes(written), new byte[1_000])), Background.Patience));
        Assert.True(SpinWait.SpinUntil(() => TryDo(() => store.Flush()), Background.Patience));
        Assert.Equal(written + 1, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public async Task Every_writer_that_waits_is_woken_when_space_runs_out()
    {
        using var release = new ManualResetEventSlim();
        var isFull = false;
        var files = new HeldFileSystem(new MemoryFileSystem(), (operation, path) =>
        {
            if (operation == FileOperation.Create && IsTable(path))
            {
                Background.Await(release);
                if (Volatile.Read(ref isFull))
                {
                    throw new StoreFullException("full");
                }
            }
        });
        using var store = LsmStore.OpenOn(files, "/db", null, s_stepped with { Background = BackgroundMode.Threads });
        var writers = Enumerable.Range(0, 4).Select(writer => Background.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                store.Put(BitConverter.GetBytes((writer << 16) + i), new byte[1_000]);
            }
        })).ToArray();
        Assert.True(SpinWait.SpinUntil(() => store.GetStatistics().Stalls >= 4, Background.Patience));
        Volatile.Write(ref isFull, true);
        release.Set();
        foreach (var writer in writers)
        {
            await Assert.ThrowsAsync<StoreFullException>(() => writer.WaitAsync(Background.Patience));
        }

        Volatile.Write(ref isFull, false);
        Assert.True(SpinWait.SpinUntil(() => TryDo(() => store.Put("after"u8, "1"u8)), Background.Patience));
    }

    private static bool TryDo(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    private static void Fill(LsmStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            store.Put(BitConverter.GetBytes(i), new byte[100]);
        }
    }

    private static void StepToTheEnd(LsmStore store)
    {
        for (var steps = 0; store.RunBackgroundStep(); steps++)
        {
            Assert.True(steps < 10_000, "The steps do not come to an end.");
        }
    }

    private static bool IsTable(string name) => name.EndsWith(".sst", StringComparison.Ordinal);

    private sealed class FlushListener(Action onFlush) : StoreEventListener
    {
        public override void OnFlushCompleted(FlushCompleted flush) => onFlush();
    }
}
