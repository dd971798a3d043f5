using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>An error at each step of going on in a new log: what is in doubt stops writes, and what is not is tried again.</summary>
public sealed class LogRotationTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Durability = Durability.Full, Seed = 1 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_log_that_cannot_be_created_refuses_the_write_and_the_next_one_succeeds(bool isFull)
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store);
        files.FailOn(FileOperation.Create, ".log", () => isFull ? new StoreFullException("full") : TooManyFiles(), sticky: true);
        var written = files.Operations;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var error = Assert.ThrowsAny<Exception>(() => store.Put("b"u8, "2"u8));
            Assert.True(error is StoreFullException or FileNotOpenedException, $"{error}");
        }

        Assert.DoesNotContain(files.Trace.Skip((int)written), static line => line.StartsWith("append", StringComparison.Ordinal));
        Assert.Null(store.GetStatistics().Failure);
        Assert.False(store.TryGet("b"u8, out byte[]? _), "the refused write is not there");
        files.ClearFaults();
        store.Put("b"u8, "2"u8);
        store.Dispose();
        Assert.Empty(files.OpenHandles);
        AssertHolds(files, isWritten: true);
    }

    [Fact]
    public void A_directory_that_could_not_be_opened_to_be_synced_refuses_the_write_and_leaves_no_file_behind()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store);
        files.FailOn(FileOperation.SyncDirectory, "db", static () => new FileNotOpenedException(TooManyFiles()), sticky: true);
        var before = files.List("/db");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Throws<FileNotOpenedException>(() => store.Put("b"u8, "2"u8));
        }

        Assert.Equal(before, files.List("/db"));
        Assert.Null(store.GetStatistics().Failure);
        files.ClearFaults();
        store.Put("b"u8, "2"u8);
        store.Dispose();
        AssertHolds(files, isWritten: true);
    }

    [Theory]
    [InlineData(nameof(FileOperation.SyncDirectory), "db")]
    [InlineData(nameof(FileOperation.Append), ".log")]
    public void A_directory_that_is_not_synced_and_a_header_that_may_be_there_stop_writes(string operation, string nameEnd)
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store);
        files.FailOn(Enum.Parse<FileOperation>(operation), nameEnd, static () => new IOException("the disk said no"));
        var error = Assert.Throws<StoreFailedException>(() => store.Put("b"u8, "2"u8));
        Assert.False(error.OutcomeUnknown, "the write itself was not begun");
        Assert.Contains("the disk said no", error.Message, StringComparison.Ordinal);
        files.ClearFaults();
        Assert.Contains("the disk said no", Assert.Throws<StoreFailedException>(() => store.Put("c"u8, "3"u8)).Message, StringComparison.Ordinal);
        Assert.NotNull(store.GetStatistics().Failure);
        Assert.True(store.TryGet("a"u8, out byte[]? _), "reads go on");
        store.Dispose();
        AssertHolds(files, isWritten: false);
    }

    [Fact]
    public void No_log_follows_one_whose_header_may_be_there_though_it_failed()
    {
        var disk = new FaultyFileSystem();
        var files = new HeldFileSystem(disk, static (_, _) => { });
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        files.AfterAppend = static path =>
        {
            if (path.EndsWith(".log", StringComparison.Ordinal))
            {
                throw new IOException("the disk said no");
            }
        };
        Assert.Throws<StoreFailedException>(() => store.Flush());
        files.AfterAppend = static _ => { };
        var left = disk.List("/db");
        Action[] others = [() => store.Flush(), () => store.Compact(), () => store.CheckpointTo("/copy")];
        foreach (var other in others)
        {
            Assert.Contains("the disk said no", Assert.Throws<StoreFailedException>(other).Message, StringComparison.Ordinal);
            Assert.Equal(left, disk.List("/db"));
        }

        store.Dispose();
        AssertHolds(disk, isWritten: false);
    }

    [Theory]
    [InlineData(nameof(FileOperation.Append))]
    [InlineData(nameof(FileOperation.Sync))]
    public void A_trailer_or_an_fsync_that_fails_when_the_old_log_is_closed_stops_writes(string operation)
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, "/db", null, s_options);
        Fill(store);
        store.Put("b"u8, "2"u8); // rotates, and closes the old log with its fsync
        Assert.Equal(2, files.List("/db").Count(IsLog));
        Fill(store);
        files.FailOn(Enum.Parse<FileOperation>(operation), files.List("/db").Last(IsLog), static () => new IOException("the disk said no"));
        Assert.Throws<StoreFailedException>(() => store.Put("c"u8, "3"u8));
        files.ClearFaults();
        Assert.Throws<StoreFailedException>(() => store.Put("d"u8, "4"u8));
        store.Dispose();
        AssertHolds(files, isWritten: true);
    }

    [Fact]
    public void A_spare_that_cannot_be_created_in_the_background_is_tried_again_and_stops_nothing()
    {
        var files = new FaultyFileSystem();
        using var told = new ManualResetEventSlim();
        var events = new ErrorListener(told.Set);
        using var store = LsmStore.OpenOn(files, "/db", null, s_options with { Background = BackgroundMode.Threads, Events = events, Durability = Durability.Normal, MemtableBytes = 1 << 20 });
        Assert.True(SpinWait.SpinUntil(() => files.List("/db").Count(IsLog) == 2, Background.Patience), "the first spare is there");
        files.FailOn(FileOperation.Create, ".log", TooManyFiles, sticky: true);
        told.Reset();
        store.Put("a"u8, new byte[1 << 20]);
        store.Put("b"u8, "2"u8); // takes the spare; the next one cannot be created
        Background.Await(told);
        Assert.Null(store.GetStatistics().Failure);
        store.Put("c"u8, "3"u8);
        files.ClearFaults();
        Assert.True(SpinWait.SpinUntil(() => TryPut(store, new byte[1 << 20]), Background.Patience));
        Assert.True(SpinWait.SpinUntil(() => TryPut(store, "1"u8.ToArray()), Background.Patience));
        Assert.Null(store.GetStatistics().Failure);
    }

    [Theory]
    [InlineData(".sst")]
    [InlineData("MANIFEST")]
    public void A_table_or_manifest_that_cannot_be_created_is_tried_again_and_writes_resume(string name)
    {
        var files = new FaultyFileSystem();
        using var told = new ManualResetEventSlim();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options with { Background = BackgroundMode.Threads, Durability = Durability.Normal, Events = new ErrorListener(told.Set) });
        if (name == "MANIFEST")
        {
            // The next edit finds no space, and the one after it begins a new manifest.
            files.FailWhen(static (operation, path) => operation == FileOperation.Append && path.Contains("MANIFEST", StringComparison.Ordinal), static () => new StoreFullException("full"));
        }

        files.FailWhen((operation, path) => operation == FileOperation.Create && path.Contains(name, StringComparison.Ordinal), TooManyFiles, sticky: true);
        var written = 0;
        var error = Assert.ThrowsAny<StoreException>(() =>
        {
            for (; written < 1_000_000; written++)
            {
                store.Put(BitConverter.GetBytes(written), new byte[1_000]);
            }
        });
        Assert.Contains("writes resume when", error.Message, StringComparison.OrdinalIgnoreCase);
        Background.Await(told);
        Assert.True(store.TryGet(BitConverter.GetBytes(written - 1), out byte[]? _), "reads go on");
        Assert.Null(store.GetStatistics().Failure);
        files.ClearFaults();
        Assert.True(SpinWait.SpinUntil(() => TryPut(store, new byte[1_000]), Background.Patience));
        Assert.True(SpinWait.SpinUntil(() => TryDo(() => store.Flush()), Background.Patience));
        Assert.Equal(written + 1, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public void A_directory_that_a_compaction_cannot_sync_stops_writes_for_the_names_of_logs_are_in_it()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        for (var table = 0; table < 4; table++)
        {
            Fill(store);
            store.Flush();
        }

        while (files.List("/db").Count(IsLog) < 2)
        {
            Assert.True(store.RunBackgroundStep()); // the spare log
        }

        files.FailOn(FileOperation.SyncDirectory, "db");
        Assert.Throws<DirectoryNotSyncedException>(() => store.Compact());
        files.ClearFaults();
        Assert.Throws<StoreFailedException>(() => store.Put("b"u8, "2"u8));
    }

    private static IOException TooManyFiles() => new("Too many open files (error 24).", 24);

    private static bool IsLog(string name) => name.EndsWith(".log", StringComparison.Ordinal);

    /// <summary>Fills the memtable, so that the next write rotates.</summary>
    private static void Fill(LsmStore store)
    {
        store.Put("a"u8, new byte[70_000]);
    }

    private static void AssertHolds(FaultyFileSystem files, bool isWritten)
    {
        foreach (var profile in new CrashProfile[] { CrashProfile.PowerCut, CrashProfile.ProcessDeath })
        {
            using var reopened = LsmStore.OpenOn(files.Crash(profile), "/db", null, s_options);
            Assert.True(reopened.TryGet("a"u8, out byte[]? _));
            Assert.Equal(isWritten, reopened.TryGet("b"u8, out byte[]? _));
        }
    }

    private static bool TryPut(LsmStore store, byte[] value) => TryDo(() => store.Put("last"u8, value));

    private static bool TryDo(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is StoreException or IOException)
        {
            return false;
        }
    }

    private sealed class ErrorListener(Action onError) : StoreEventListener
    {
        public override void OnBackgroundError(Exception error) => onError();
    }
}
