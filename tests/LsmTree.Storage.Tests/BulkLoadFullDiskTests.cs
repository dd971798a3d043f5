using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>A bulk load that is committed while the log that must follow it cannot be begun.</summary>
public sealed class BulkLoadFullDiskTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Durability = Durability.Full, Seed = 1 };

    [Theory]
    [InlineData(0)] // creation of the log
    [InlineData(1)] // its header
    public void The_load_is_there_and_writes_resume_when_space_returns(int operation)
    {
        var files = new FaultyFileSystem();
        var store = LoadOnFullDisk(files, operation == 0 ? FileOperation.Create : FileOperation.Append);
        Assert.Equal(["k0000=before", "k0001=loaded", "k0002=loaded"], StoreContents.Of(store));
        Assert.Null(store.GetStatistics().Failure);
        Assert.Throws<StoreFullException>(() => store.Put("refused"u8, "1"u8));
        var batch = new WriteBatch();
        batch.Put("refused"u8, new byte[store.Options.MemtableBytes + 1]);
        Assert.Throws<StoreFullException>(() => store.Write(batch));
        Assert.False(store.Contains("refused"u8));
        store.Flush(); // needs no log: there is nothing in memory

        files.ClearFaults();
        store.Put("k0003"u8, "after"u8);
        string[] expected = ["k0000=before", "k0001=loaded", "k0002=loaded", "k0003=after"];
        Assert.Equal(expected, StoreContents.Of(store));
        Assert.Equal(expected, StoreContents.Of(files.Crash(CrashProfile.PowerCut), "/db"));
        Assert.Equal(expected, StoreContents.Of(files.Crash(CrashProfile.ProcessDeath), "/db"));
        store.Dispose();
        Assert.Empty(files.OpenHandles);
        Assert.Equal(expected, StoreContents.Of(files, "/db"));
    }

    [Fact]
    public void A_store_that_is_closed_or_cut_before_space_returns_has_the_load_and_takes_writes_when_reopened()
    {
        var files = new FaultyFileSystem();
        var store = LoadOnFullDisk(files, FileOperation.Append);
        Assert.Equal(["k0000=before", "k0001=loaded", "k0002=loaded"], StoreContents.Of(files.Crash(CrashProfile.PowerCut), "/db"));
        store.Dispose();
        Assert.Empty(files.OpenHandles);
        files.ClearFaults();
        using var reopened = LsmStore.OpenOn(files, "/db", null, s_options);
        reopened.Put("k0003"u8, "after"u8);
        Assert.Equal(["k0000=before", "k0001=loaded", "k0002=loaded", "k0003=after"], StoreContents.Of(reopened));
    }

    [Fact]
    public void A_second_load_is_refused_until_space_returns()
    {
        var files = new FaultyFileSystem();
        using var store = LoadOnFullDisk(files, FileOperation.Append);
        using (var load = store.BeginBulkLoad())
        {
            load.Add("k0009"u8, "second"u8);
            Assert.Throws<StoreFullException>(load.Complete);
        }

        Assert.False(store.Contains("k0009"u8));
        files.ClearFaults();
        using (var load = store.BeginBulkLoad())
        {
            load.Add("k0009"u8, "third"u8);
            load.Complete();
        }

        Assert.Equal(["k0000=before", "k0001=loaded", "k0002=loaded", "k0009=third"], StoreContents.Of(store));
    }

    [Theory]
    [InlineData((int)FileOperation.Append, ".log", 0)] // the log's header
    [InlineData((int)FileOperation.SyncDirectory, "db", 1)] // its name, after those of the tables
    public void A_load_in_force_is_not_refused_for_the_log_behind_it_and_the_next_write_is_told_the_cause(int operation, string name, int skip)
    {
        var files = new FaultyFileSystem();
        var store = LoadOn(files, (FileOperation)operation, name, static () => new DirectoryNotSyncedException(new IOException("input/output error", 5)), skip);
        string[] expected = ["k0000=before", "k0001=loaded", "k0002=loaded"];
        Assert.Equal(expected, StoreContents.Of(store));
        Assert.Contains("input/output error", store.GetStatistics().Failure, StringComparison.Ordinal);
        var refused = Assert.Throws<StoreFailedException>(() => store.Put("refused"u8, "1"u8));
        Assert.Contains("input/output error", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.OutcomeUnknown);

        files.ClearFaults();
        Assert.Equal(expected, StoreContents.Of(files.Crash(CrashProfile.PowerCut), "/db"));
        store.Dispose();
        Assert.Empty(files.OpenHandles);
        Assert.Equal(expected, StoreContents.Of(files, "/db"));
    }

    [Fact]
    public void A_load_in_force_does_not_pass_for_one_that_failed_because_its_directory_cannot_be_listed_afterwards()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        using (var load = store.BeginBulkLoad())
        {
            load.Add("k0001"u8, "loaded"u8);
            load.Complete();
            files.FailOn(FileOperation.Look, "db", static () => new IOException("input/output error", 5), sticky: true);
        }

        Assert.Equal(["k0001=loaded"], StoreContents.Of(store));
        files.ClearFaults();
    }

    [Fact]
    public void The_error_that_ended_a_load_is_the_one_that_is_reported()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        var hasFailed = false;
        files.FailOn(FileOperation.Append, ".sst", () =>
        {
            hasFailed = true;
            return new IOException("the table cannot be written", 5);
        });
        files.FailWhen((operation, _) => hasFailed && operation == FileOperation.Look, static () => new IOException("the directory cannot be listed", 5), sticky: true);
        var reported = Assert.Throws<IOException>(() =>
        {
            using var load = store.BeginBulkLoad();
            load.Add("k0001"u8, "loaded"u8);
            load.Complete();
        });
        Assert.Contains("the table", reported.Message, StringComparison.Ordinal);
        files.ClearFaults();
        Assert.Empty(StoreContents.Of(store));
    }

    [Theory]
    [InlineData((int)FileOperation.Sync, "MANIFEST", true)] // of the edit: the record is in the file
    [InlineData((int)FileOperation.Rename, "CURRENT", true)] // of a new manifest
    [InlineData((int)FileOperation.SyncDirectory, "db", false)] // behind that rename, which a process that dies now leaves done
    public void No_write_is_acknowledged_after_a_load_that_may_be_found_though_it_was_refused(int operation, string name, bool isFull)
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        if ((FileOperation)operation != FileOperation.Sync)
        {
            LoseManifest(store, files);
        }

        var hasSwitched = false;
        files.FailWhen(
            (candidate, path) =>
            {
                var isNow = candidate == (FileOperation)operation && Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal) && (hasSwitched || candidate != FileOperation.SyncDirectory);
                hasSwitched |= candidate == FileOperation.Rename;
                return isNow;
            },
            () => isFull ? new StoreFullException("full") : new FileNotOpenedException(new IOException("too many open files", 24)));
        using (var load = store.BeginBulkLoad())
        {
            load.Add("k0001"u8, "loaded"u8);
            Assert.ThrowsAny<IOException>(load.Complete);
        }

        var refused = Assert.Throws<StoreFailedException>(() => store.Put("k0002"u8, "after"u8));
        Assert.Contains(isFull ? "full" : "too many open files", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("k0002=after", StoreContents.Of(files.Crash(CrashProfile.ProcessDeath), "/db"));
        store.Dispose();
        Assert.Empty(files.OpenHandles);
    }

    /// <summary>An edit finds no space, so that the next one begins a new manifest.</summary>
    private static void LoseManifest(LsmStore store, FaultyFileSystem files)
    {
        files.FailWhen(static (operation, path) => operation == FileOperation.Append && path.Contains("MANIFEST", StringComparison.Ordinal), static () => new StoreFullException("full"));
        using var load = store.BeginBulkLoad();
        load.Add("k0001"u8, "refused"u8);
        Assert.Throws<StoreFullException>(load.Complete);
    }

    private static LsmStore LoadOnFullDisk(FaultyFileSystem files, FileOperation operation) =>
        LoadOn(files, operation, ".log", static () => new StoreFullException("full"));

    private static LsmStore LoadOn(FaultyFileSystem files, FileOperation operation, string name, Func<Exception> error, int skip = 0)
    {
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        StoreContents.Put(store, 0, 1, "before");
        store.Flush(); // so that the load need not rotate the log before it commits
        using var load = store.BeginBulkLoad();
        load.Add("k0001"u8, "loaded"u8);
        load.Add("k0002"u8, "loaded"u8);
        files.FailOn(operation, name, error, skip, sticky: true);
        load.Complete();
        return store;
    }
}
