using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>What a listener is told, on stepped and on threaded stores.</summary>
public sealed class StoreEventListenerTests
{
    private const string Directory = "/db";

    [Fact]
    public void An_open_a_flush_and_a_compaction_tell_what_they_did()
    {
        var events = new RecordingListener();
        var files = new FaultyFileSystem();
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual, Seed = 1, Events = events };
        using (var store = LsmStore.OpenOn(files, Directory, null, options))
        {
            store.Put("a"u8, "1"u8);
            store.Put("b"u8, "2"u8);
            store.Flush();
            store.Put("a"u8, "3"u8);
            store.Flush();
            store.Compact();
        }

        Assert.Equal(0, Assert.Single(events.Recoveries).Tables);
        Assert.Equal([2L, 1L], events.Flushes.Select(static flush => flush.EntriesWritten));
        Assert.All(events.Flushes, static flush => Assert.True(flush.BytesWritten > 100));
        var merge = Assert.Single(events.Compactions, static compaction => compaction.Kind == "Merge");
        Assert.Equal((2, 1, 3L, 2L, "Manual"), (merge.InputTables, merge.OutputTables, merge.EntriesRead, merge.EntriesWritten, merge.Reason));
        Assert.Equal([0, 0, merge.OutputLevel], events.Created.Select(static table => table.Level));
        Assert.Equal(events.Created.Take(2).Select(static table => table.File).Order(), events.Deleted.Order());
        Assert.All(events.Deleted, file => Assert.False(files.FileExists(file)));
        Assert.True(files.FileExists(events.Created[2].File));
    }

    [Fact]
    public void Recovery_tells_how_much_only_the_log_held()
    {
        var files = new FaultyFileSystem();
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual, Seed = 1 };
        var store = LsmStore.OpenOn(files, Directory, null, options);
        store.Put("a"u8, "1"u8);
        store.Flush();
        store.Put("b"u8, "2"u8, Durability.Full);
        store.Put("c"u8, "3"u8, Durability.Full);
        var events = new RecordingListener();
        using var recovered = LsmStore.OpenOn(files.Crash(CrashProfile.PowerCut), Directory, null, options with { Events = events });
        var recovery = Assert.Single(events.Recoveries);
        Assert.Equal((2L, 3L, 2), (recovery.ReplayedEntries, recovery.LastSequence, recovery.Tables));
        store.Dispose();
    }

    [Fact]
    public void A_listener_that_throws_harms_nothing_and_is_counted()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Events = new ThrowingListener() });
        store.Put("a"u8, "1"u8);
        store.Flush();
        store.Put("b"u8, "2"u8);
        store.Flush();
        store.Compact();
        Assert.True(store.TryGet("a"u8, out byte[]? value));
        Assert.Equal("1"u8, value);
        Assert.Null(store.GetStatistics().Failure);
        Assert.True(store.GetStatistics().ListenerErrors >= 5, $"{store.GetStatistics().ListenerErrors}");
    }

    [Fact]
    public void A_listener_may_read_the_store_that_tells_it_and_write_another()
    {
        using var other = LsmStore.OpenInMemory();
        byte[]? seen = null;
        var tables = 0;
        var events = new AskingListener(store =>
        {
            store.TryGet("a"u8, out seen);
            tables = store.GetStatistics().Tables;
            other.Put("told"u8, ""u8);
        });
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Events = events });
        events.Store = store;
        store.Put("a"u8, "1"u8);
        store.Flush();
        Assert.True(seen.AsSpan().SequenceEqual("1"u8));
        Assert.Equal(1, tables);
        Assert.True(other.Contains("told"u8));
        Assert.Equal(0, store.GetStatistics().ListenerErrors);
    }

    public static TheoryData<string, Action<LsmStore>> Changes => new()
    {
        { "Put", static store => store.Put("told"u8, ""u8) },
        { "Put, expiring", static store => store.Put("told"u8, ""u8, DateTimeOffset.MaxValue) },
        { "TryInsert", static store => store.TryInsert("told"u8, ""u8) },
        { "Delete", static store => store.Delete("a"u8) },
        { "DeleteRange", static store => store.DeleteRange("a"u8, "b"u8) },
        { "WriteAsync", static store => { _ = store.WriteAsync(Batch()).AsTask(); } },
        { "Commit", static store => Commit(store) },
        { "BeginBulkLoad", static store => store.BeginBulkLoad() },
        { "Flush", static store => store.Flush() },
        { "Compact", static store => store.Compact() },
        { "CheckpointTo", static store => store.CheckpointTo("/copy") },
        { "RunBackgroundStep", static store => store.RunBackgroundStep() },
        { "Dispose", static store => store.Dispose() },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void A_listener_that_changes_the_store_that_tells_it_is_refused(string name, Action<LsmStore> change)
    {
        Exception? refusal = null;
        var events = new AskingListener(store => refusal = Record.Exception(() => change(store)));
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Events = events });
        events.Store = store;
        store.Put("a"u8, "1"u8);
        store.Flush();
        Assert.True(refusal is InvalidOperationException && refusal.Message.Contains("listener", StringComparison.Ordinal), $"{name}: {refusal}");
        Assert.True(store.Contains("a"u8));
        Assert.False(store.Contains("told"u8));
        store.Put("b"u8, "2"u8); // the thread was only refused while it was told
    }

    [Fact]
    public void A_listener_that_would_wait_for_the_flush_that_waits_for_it_is_refused()
    {
        using var stalled = new CancellationTokenSource();
        using var told = new ManualResetEventSlim();
        Exception? refusal = null;
        var events = new AskingListener(store =>
        {
            refusal ??= Record.Exception(() =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    store.Put(BitConverter.GetBytes(i), new byte[1_000], cancellationToken: stalled.Token);
                }
            });
            told.Set();
        }, stalled.Cancel);
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10, Events = events });
        events.Store = store;
        store.Put("a"u8, "1"u8);
        store.Flush();
        Background.Await(told);
        Assert.IsType<InvalidOperationException>(refusal);
    }

    [Fact]
    public void An_error_of_a_background_flush_is_told_with_its_cause()
    {
        using var told = new ManualResetEventSlim();
        var events = new RecordingListener { OnError = told.Set };
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, Directory, null, new LsmStoreOptions { Seed = 1, Events = events });
        files.FailOn(FileOperation.Sync, ".sst", sticky: true);
        store.Put("a"u8, "1"u8);
        Assert.Throws<StoreFailedException>(() => store.Flush());
        Assert.True(told.Wait(TimeSpan.FromMinutes(2)));
        Assert.Contains("error 5", events.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_waits_for_a_flush_tells_its_stall_and_a_flush_that_is_asked_for_is_none()
    {
        var events = new RecordingListener();
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10, Events = events });
        store.Put("a"u8, "1"u8);
        store.Flush();
        Assert.Equal(0, store.GetStatistics().Stalls);
        Assert.Equal(0, events.StallsBegun);
        for (var i = 0; i < 2_000; i++)
        {
            store.Put(BitConverter.GetBytes(i), new byte[1_000]);
        }

        store.Flush();
        Assert.Equal(events.StallsBegun, events.StallsEnded);
        Assert.True(events.StallsBegun <= store.GetStatistics().Stalls, "every stall that is told is counted");
    }

    private sealed class RecordingListener : StoreEventListener
    {
        private readonly Lock _gate = new();
        private int _stallsBegun;
        private int _stallsEnded;

        public List<RecoveryCompleted> Recoveries { get; } = [];

        public List<FlushCompleted> Flushes { get; } = [];

        public List<CompactionCompleted> Compactions { get; } = [];

        public List<TableCreated> Created { get; } = [];

        public List<string> Deleted { get; } = [];

        public List<Exception> Errors { get; } = [];

        public int StallsBegun => Volatile.Read(ref _stallsBegun);

        public int StallsEnded => Volatile.Read(ref _stallsEnded);

        public Action? OnError { get; init; }

        public override void OnRecoveryCompleted(RecoveryCompleted recovery) => Add(Recoveries, recovery);

        public override void OnFlushCompleted(FlushCompleted flush) => Add(Flushes, flush);

        public override void OnCompactionCompleted(CompactionCompleted compaction) => Add(Compactions, compaction);

        public override void OnTableCreated(TableCreated table) => Add(Created, table);

        public override void OnTableDeleted(string file) => Add(Deleted, file);

        public override void OnStallBegan() => Interlocked.Increment(ref _stallsBegun);

        public override void OnStallEnded(TimeSpan duration) => Interlocked.Increment(ref _stallsEnded);

        public override void OnBackgroundError(Exception error)
        {
            Add(Errors, error);
            OnError?.Invoke();
        }

        private void Add<T>(List<T> list, T item)
        {
            lock (_gate)
            {
                list.Add(item);
            }
        }
    }

    private sealed class ThrowingListener : StoreEventListener
    {
        public override void OnRecoveryCompleted(RecoveryCompleted recovery) => throw new InvalidOperationException("recovery");

        public override void OnFlushCompleted(FlushCompleted flush) => throw new InvalidOperationException("flush");

        public override void OnCompactionCompleted(CompactionCompleted compaction) => throw new OutOfMemoryException("compaction");

        public override void OnTableCreated(TableCreated table) => throw new StoreFullException("created", null);
    }

    private static WriteBatch Batch()
    {
        var batch = new WriteBatch();
        batch.Put("told"u8, ""u8);
        return batch;
    }

    private static void Commit(LsmStore store)
    {
        using var transaction = store.BeginTransaction();
        transaction.Put("told"u8, ""u8);
        transaction.Commit();
    }

    private sealed class AskingListener(Action<LsmStore> onFlush, Action? onStall = null) : StoreEventListener
    {
        public LsmStore? Store { get; set; }

        public override void OnFlushCompleted(FlushCompleted flush) => onFlush(Store!);

        public override void OnStallBegan() => onStall?.Invoke();
    }
}
