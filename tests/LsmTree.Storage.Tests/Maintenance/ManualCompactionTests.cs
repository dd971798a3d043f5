using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Maintenance;

public sealed class ManualCompactionTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, TableBytes = 64 << 10, MemtableBytes = 1 << 20, Seed = 1 };

    [Fact]
    public void Progress_rises_to_its_total_and_names_the_level()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        Fill(store, 0, 4_000);
        store.Compact();
        Fill(store, 1_000, 3_000);
        var reports = new Reports();
        store.Compact(progress: reports);
        Assert.True(reports.All.Count >= 2);
        Assert.Equal(reports.All.Select(static report => report.BytesDone).Order(), reports.All.Select(static report => report.BytesDone));
        Assert.All(reports.All, static report => Assert.InRange(report.BytesDone, 0, report.BytesTotal));
        var last = reports.All[^1];
        Assert.Equal(last.BytesTotal, last.BytesDone);
        Assert.Equal(store.GetLevels()[^1].Level, last.Level);
        Assert.True(last.BytesDone > store.GetStatistics().TableBytes / 2, $"{last} for {store.GetStatistics().TableBytes} bytes");
    }

    [Fact]
    public void A_compaction_that_is_cancelled_leaves_the_store_as_it_was()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store, 0, 4_000);
        store.Flush();
        var before = LsmStoreTests.Dump(store);
        var tables = files.List("/db");
        using var cancellation = new CancellationTokenSource();
        var reports = new Reports { OnReport = cancellation.Cancel };
        Assert.Throws<OperationCanceledException>(() => store.Compact(progress: reports, cancellationToken: cancellation.Token));
        Assert.Equal(tables, files.List("/db"));
        Assert.Equal(before, LsmStoreTests.Dump(store));
        store.Compact();
        Assert.Equal(before, LsmStoreTests.Dump(store));
    }

    [Fact]
    public void Tables_that_a_compaction_is_writing_outlive_a_look_for_obsolete_files()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store, 0, 30_000);
        store.Flush();
        var before = LsmStoreTests.Dump(store);
        var looks = 0;
        store.Compact(progress: new Reports
        {
            OnReport = () =>
            {
                looks++;
                store.Flush(); // which looks for obsolete files behind it
            },
        });
        Assert.True(looks > 2, $"only {looks} looks while tables were written");
        Assert.True(store.Verify().IsSound);
        Assert.Equal(before, LsmStoreTests.Dump(store));
    }

    [Fact]
    public async Task Two_compactions_of_ranges_apart_run_at_once()
    {
        using var both = new CountdownEvent(2);
        var isHeld = false;
        var files = new HeldFileSystem(new MemoryFileSystem(), (operation, path) =>
        {
            if (Volatile.Read(ref isHeld) && operation == FileOperation.Create && path.EndsWith(".sst", StringComparison.Ordinal))
            {
                both.Signal();
                Assert.True(both.Wait(Background.Patience), "The other compaction waits for this one.");
            }
        });
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store, 0, 2_000);
        using (store.CreateSnapshot())
        {
            // The snapshot keeps the sequence numbers, so that each table of the last level is worth a rewrite once it has gone.
            Fill(store, 0, 2_000);
            store.Compact();
        }

        var tables = store.GetLevels()[^1].Tables;
        Assert.True(tables >= 2, $"{tables} tables");
        Volatile.Write(ref isHeld, true);
        var low = Background.Run(() => store.Compact(null, Key(0)));
        var high = Background.Run(() => store.Compact(Key(1_999), null));
        await Task.WhenAll(low, high).WaitAsync(Background.Patience);
        Volatile.Write(ref isHeld, false);
        Assert.Equal(2_000, LsmStoreTests.Dump(store).Count);
        store.Compact();
        Assert.True(store.Verify().IsSound);
    }

    [Fact]
    public async Task Reads_writes_and_flushes_go_on_beside_a_compaction()
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var compacting = new ThreadLocal<bool>();
        var files = new HeldFileSystem(new MemoryFileSystem(), (operation, path) =>
        {
            if (compacting.Value && operation == FileOperation.Create && path.EndsWith(".sst", StringComparison.Ordinal))
            {
                begun.Set();
                Background.Await(release);
            }
        });
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store, 0, 1_000);
        store.Flush();
        var compaction = Background.Run(() =>
        {
            compacting.Value = true;
            store.Compact();
        });
        Background.Await(begun);
        store.Put(Key(5), "beside"u8);
        store.Flush();
        Assert.True(store.TryGet(Key(5), out byte[]? value));
        Assert.Equal("beside"u8, value);
        release.Set();
        await compaction.WaitAsync(Background.Patience);
        Assert.True(store.TryGet(Key(5), out value));
        Assert.Equal("beside"u8, value);
        Assert.Equal(1_000, LsmStoreTests.Dump(store).Count);
    }

    private static void Fill(LsmStore store, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            store.Put(Key(i), new byte[100]);
        }
    }

    private static byte[] Key(int number) => System.Text.Encoding.ASCII.GetBytes($"key{number:D6}");

    private sealed class Reports : IProgress<CompactionProgress>
    {
        public List<CompactionProgress> All { get; } = [];

        public Action? OnReport { get; init; }

        public void Report(CompactionProgress value)
        {
            All.Add(value);
            OnReport?.Invoke();
        }
    }
}
