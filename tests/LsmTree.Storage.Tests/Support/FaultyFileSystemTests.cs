using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>The failing file system is a measuring instrument; these tests calibrate it.</summary>
public sealed class FaultyFileSystemTests
{
    private const string Store = "/store";

    private readonly FaultyFileSystem _files = new();

    public FaultyFileSystemTests()
    {
        _files.CreateDirectory(Store);
    }

    [Fact]
    public void A_power_cut_takes_unsynced_bytes_and_unsynced_names()
    {
        using var named = _files.CreateAppend("/store/named", default);
        named.Append("durable"u8);
        named.Sync();
        _files.SyncDirectory(Store);
        named.Append(" not"u8);
        using var nameless = _files.CreateAppend("/store/nameless", default);
        nameless.Append("synced, but nobody finds it"u8);
        nameless.Sync();

        var after = _files.Crash(CrashProfile.PowerCut);
        Assert.Equal(["named"], after.List(Store));
        Assert.Equal("durable"u8, FileContents.Read(after, "/store/named"));
        Assert.Equal("durable not"u8, FileContents.Read(_files.Crash(CrashProfile.ProcessDeath), "/store/named"));
        Assert.Equal("durable n"u8, FileContents.Read(_files.Crash(CrashProfile.TornAfter(2)), "/store/named"));
    }

    [Fact]
    public void A_rename_is_durable_only_after_its_directory_was_synced()
    {
        FileContents.Write(_files, "/store/CURRENT", "old"u8);
        _files.SyncDirectory(Store);
        FileContents.Write(_files, "/store/CURRENT.tmp", "new"u8);
        _files.Rename("/store/CURRENT.tmp", "/store/CURRENT");
        Assert.Equal("old"u8, FileContents.Read(_files.Crash(CrashProfile.PowerCut), "/store/CURRENT"));
        Assert.Equal(["CURRENT"], _files.Crash(CrashProfile.PowerCut).List(Store));
        _files.SyncDirectory(Store);
        Assert.Equal("new"u8, FileContents.Read(_files.Crash(CrashProfile.PowerCut), "/store/CURRENT"));
        _files.Delete("/store/CURRENT");
        Assert.Equal(["CURRENT"], _files.Crash(CrashProfile.PowerCut).List(Store));
        Assert.Empty(_files.Crash(CrashProfile.ProcessDeath).List(Store));
    }

    [Fact]
    public void Random_sectors_keep_what_was_synced_and_mix_the_rest()
    {
        using var file = _files.CreateAppend("/store/a", default);
        file.Append(Enumerable.Repeat((byte)1, 1000).ToArray());
        file.Sync();
        _files.SyncDirectory(Store);
        file.Append(Enumerable.Repeat((byte)2, 5000).ToArray());
        var kept = new HashSet<int>();
        for (var seed = 0; seed < 50; seed++)
        {
            var bytes = FileContents.Read(_files.Crash(CrashProfile.RandomSectors(seed)), "/store/a");
            Assert.True(bytes.Length is >= 1000 and <= 6000, $"seed {seed}");
            Assert.True(bytes.AsSpan(0, 1000).IndexOfAnyExcept((byte)1) < 0, $"seed {seed}");
            for (var i = 1024; i + 512 <= bytes.Length; i += 512)
            {
                Assert.True(bytes.AsSpan(i, 512).IndexOfAnyExcept(bytes[i]) < 0 && bytes[i] is 0 or 2, $"seed {seed}, sector at {i}");
            }

            kept.Add(bytes.Count(static value => value == 2));
            Assert.Equal(bytes, FileContents.Read(_files.Crash(CrashProfile.RandomSectors(seed)), "/store/a"));
        }

        Assert.True(kept.Count > 10, "the die has to fall in many ways");
    }

    [Fact]
    public void What_a_buffer_holds_dies_with_the_process()
    {
        using var file = _files.CreateAppend("/store/a", new AppendSettings(Mapped: false, BufferBytes: 100));
        file.Append(new byte[60]);
        Assert.Empty(FileContents.Read(_files.Crash(CrashProfile.ProcessDeath), "/store/a"));
        file.Append(new byte[60]);
        Assert.Equal(60, FileContents.Read(_files.Crash(CrashProfile.ProcessDeath), "/store/a").Length);
        file.Sync();
        Assert.Equal(120, FileContents.Read(_files.Crash(CrashProfile.ProcessDeath), "/store/a").Length);
    }

    [Fact]
    public void An_fsync_after_a_failed_one_succeeds_and_proves_nothing()
    {
        using var file = _files.CreateAppend("/store/a", default);
        _files.SyncDirectory(Store);
        file.Append("lost"u8);
        _files.FailOn(FileOperation.Sync, "a");
        Assert.Throws<IOException>(file.Sync);
        file.Sync();
        Assert.Empty(FileContents.Read(_files.Crash(CrashProfile.PowerCut), "/store/a"));
    }

    [Fact]
    public void Faults_strike_where_they_are_told_to()
    {
        _files.FailOn(FileOperation.Create, ".sst", skip: 1);
        _files.CreateAppend("/store/1.sst", default).Dispose();
        _files.CreateAppend("/store/1.log", default).Dispose();
        Assert.Throws<FileNotOpenedException>(() => _files.CreateAppend("/store/2.sst", default));
        _files.CreateAppend("/store/2.sst", default).Dispose();

        _files.FailOn(FileOperation.Append, error: static () => new StoreFullException("full"), sticky: true);
        using var file = _files.CreateAppend("/store/3", default);
        Assert.Throws<StoreFullException>(() => file.Append("x"u8));
        Assert.Throws<StoreFullException>(() => file.Append("x"u8));
        Assert.Equal(0, file.Position);
        _files.ClearFaults();
        file.Append("x"u8);
        Assert.Equal("x"u8, FileContents.Read(_files, "/store/3"));
    }

    [Fact]
    public void After_the_power_cut_nothing_works_and_nothing_changes()
    {
        using var file = _files.CreateAppend("/store/a", default);
        _files.StopAt(_files.Operations + 1);
        file.Append("one"u8);
        Assert.Throws<PowerCutException>(() => file.Append("two"u8));
        Assert.Throws<PowerCutException>(file.Sync);
        Assert.Throws<PowerCutException>(() => _files.OpenRead("/store/a"));
        Assert.Throws<PowerCutException>(() => _files.FileExists("/store/a"));
        Assert.Equal("one"u8, FileContents.Read(_files.Crash(CrashProfile.ProcessDeath), "/store/a"));
    }

    [Fact]
    public void The_trace_tells_the_order()
    {
        FileContents.Write(_files, "/store/CURRENT.tmp", "abc"u8);
        _files.Rename("/store/CURRENT.tmp", "/store/CURRENT");
        _files.SyncDirectory(Store);
        Assert.Equal(
            ["create-directory store", "delete CURRENT.tmp", "create CURRENT.tmp", "append CURRENT.tmp 0+3", "sync CURRENT.tmp", "finish CURRENT.tmp 3", "rename CURRENT.tmp -> CURRENT", "sync-directory store"],
            _files.Trace);
        _files.AssertOrder("sync CURRENT.tmp", "rename", "sync-directory store");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => _files.AssertOrder("rename", "sync CURRENT.tmp"));
    }

    [Fact]
    public void Open_handles_are_known_by_name()
    {
        var file = _files.CreateAppend("/store/a", default);
        var reader = _files.OpenRead("/store/a");
        var held = _files.Lock("/store/LOCK", "me");
        Assert.Equal(["append a", "lock LOCK", "read a"], _files.OpenHandles);
        file.Dispose();
        reader.Dispose();
        held.Dispose();
        held.Dispose();
        Assert.Empty(_files.OpenHandles);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(0, new byte[1]));
    }

    [Fact]
    public void A_crash_releases_locks_and_keeps_two_names_of_one_file_together()
    {
        FileContents.Write(_files, "/store/a", "ab"u8);
        Assert.True(_files.TryHardLink("/store/a", "/store/b"));
        using var held = _files.Lock("/store/LOCK", "me");
        var after = _files.Crash(CrashProfile.ProcessDeath);
        using var again = after.Lock("/store/LOCK", "me after the crash");
        after.Delete("/store/a");
        Assert.Equal("ab"u8, FileContents.Read(after, "/store/b"));
        Assert.Equal("ab"u8, FileContents.Read(_files, "/store/a"));
    }
}
