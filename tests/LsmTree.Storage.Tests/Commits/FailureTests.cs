using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>Errors of the disk, through the seam: each behaves as the durability table says.</summary>
public sealed class FailureTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Durability = Durability.Full, Seed = 1 };

    [Fact]
    public void After_a_failed_fsync_reads_go_on_and_writes_throw_with_the_first_cause()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        files.FailOn(FileOperation.Sync, ".log", () => new IOException("the disk said no"));
        var first = Assert.Throws<StoreFailedException>(() => store.Put("b"u8, "2"u8));
        Assert.True(first.OutcomeUnknown);
        files.ClearFaults();
        var second = Assert.Throws<StoreFailedException>(() => store.Put("c"u8, "3"u8));
        Assert.False(second.OutcomeUnknown);
        Assert.Contains("the disk said no", second.Message);
        Assert.Contains("the disk said no", second.InnerException!.Message);
        Assert.True(store.TryGet("a"u8, out byte[]? _));
        Assert.NotNull(store.GetStatistics().Failure);
        store.Dispose();
        using var reopened = LsmStore.OpenOn(files.Crash(CrashProfile.PowerCut), "/db", null, s_options);
        Assert.True(reopened.TryGet("a"u8, out byte[]? _));
        Assert.False(reopened.TryGet("c"u8, out byte[]? _));
    }

    [Fact]
    public async Task Every_commit_that_shares_a_failed_fsync_fails()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options with { Background = BackgroundMode.Threads });
        files.FailOn(FileOperation.Sync, ".log", () => new IOException("no"), sticky: true);
        var tasks = Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(() => store.Put([(byte)i], "v"u8), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        foreach (var task in tasks)
        {
            await Assert.ThrowsAsync<StoreFailedException>(() => task);
        }

        store.Dispose();
    }

    [Fact]
    public void A_full_disk_refuses_the_write_and_writes_resume_when_space_returns()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        files.FailOn(FileOperation.Append, ".log", () => new StoreFullException("full"), sticky: true);
        Assert.Throws<StoreFullException>(() => store.Put("b"u8, "2"u8));
        Assert.True(store.TryGet("a"u8, out byte[]? _));
        Assert.False(store.TryGet("b"u8, out byte[]? _));
        files.ClearFaults();
        store.Put("c"u8, "3"u8);
        store.Dispose();
        using var reopened = LsmStore.OpenOn(files.Crash(CrashProfile.PowerCut), "/db", null, s_options);
        Assert.Equal(["a=1", "c=3"], LsmStoreTests.Dump(reopened));
    }

    [Fact]
    public void A_failed_manifest_write_deletes_nothing_and_stops_writes()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        files.FailWhen((operation, path) => operation == FileOperation.Sync && path.Contains("MANIFEST", StringComparison.Ordinal), () => new IOException("no manifest"));
        Assert.ThrowsAny<Exception>(() => store.Flush());
        Assert.Throws<StoreFailedException>(() => store.Put("b"u8, "2"u8));
        store.Dispose();
        using var reopened = LsmStore.OpenOn(files.Crash(CrashProfile.PowerCut), "/db", null, s_options);
        Assert.Equal(["a=1"], LsmStoreTests.Dump(reopened));
    }

    [Fact]
    public void A_new_log_is_named_durably_before_its_first_acknowledged_record()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        var created = files.Trace.Last(line => line.StartsWith("create ", StringComparison.Ordinal) && line.EndsWith(".log", StringComparison.Ordinal));
        var name = created["create ".Length..];
        files.AssertOrder(created, "sync-directory", $"sync {name}");
    }

    [Fact]
    public void No_handle_is_left_open_by_a_closed_store()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        for (var i = 0; i < 50; i++)
        {
            store.Put([(byte)i], new byte[1_000]);
            if (i % 10 == 0)
            {
                store.Flush();
            }
        }

        store.Compact();
        store.Dispose();
        Assert.Empty(files.OpenHandles);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_log_that_could_not_be_begun_leaves_no_handle_open(int logsBegunBefore)
    {
        var files = new FaultyFileSystem();
        LsmStore.OpenOn(files, "/db", null, s_options).Dispose();
        var isLogHeader = 0;
        files.FailWhen((operation, path) => operation == FileOperation.Append && path.EndsWith(".log", StringComparison.Ordinal) && isLogHeader++ == 2 * logsBegunBefore, () => new StoreFullException("full"), sticky: true);
        if (logsBegunBefore == 0)
        {
            Assert.Throws<StoreFullException>(() => LsmStore.OpenOn(files, "/db", null, s_options));
        }
        else
        {
            // The first log takes its header and one record; the header of the second meets the full disk.
            var store = LsmStore.OpenOn(files, "/db", null, s_options);
            store.Put("a"u8, "1"u8);
            Assert.Throws<StoreFullException>(() => store.Flush());
            files.ClearFaults();
            store.Put("b"u8, "2"u8);
            store.Flush();
            store.Dispose();
        }

        Assert.Empty(files.OpenHandles);
    }

    [Fact]
    public void A_spare_log_that_cannot_be_deleted_does_not_keep_the_directory()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        Assert.True(store.RunBackgroundStep()); // creates the spare
        files.FailOn(FileOperation.Delete, ".log", sticky: true);
        store.Dispose();
        Assert.Empty(files.OpenHandles);
        using var reopened = LsmStore.OpenOn(files, "/db", null, s_options);
        Assert.Equal(["a=1"], LsmStoreTests.Dump(reopened));
    }

    [Fact]
    public async Task Commits_share_fsyncs()
    {
        using var directory = new TemporaryDirectory();
        using var store = LsmStore.Open(directory.File("db"), new LsmStoreOptions { Durability = Durability.Full });
        var writes = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            var batch = new WriteBatch();
            batch.Put([(byte)i], "v"u8);
            writes.Add(store.WriteAsync(batch).AsTask());
        }

        await Task.WhenAll(writes);
        var statistics = store.GetStatistics();
        Assert.Equal(200, statistics.Commits);
        Assert.True(statistics.LogSyncs < 200, $"{statistics.LogSyncs} fsyncs for 200 commits");
    }
}
