using System.Text;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Recovery;

/// <summary>Opening a store whose log is damaged in the middle by giving up what follows, and keeping it.</summary>
public sealed class PointInTimeTests
{
    private const string Directory = "/db";
    private const int Count = 50;

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Durability = Durability.Full, Seed = 1 };
    private static readonly LsmStoreOptions s_pointInTime = s_options with { Recovery = RecoveryMode.PointInTime };

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public void What_lies_before_the_damage_is_there_and_the_rest_is_kept_aside(int damagedLog, bool hasLinks)
    {
        var files = new FaultyFileSystem { HasLinks = hasLinks };
        var logs = MakeDamaged(files, damagedLog);
        var before = files.List(Directory);
        var error = Assert.Throws<CorruptionException>(() => LsmStore.OpenOn(files, Directory, null, s_options));
        Assert.Equal(logs[damagedLog].Path, error.File);
        Assert.Equal(before, files.List(Directory)); // and nothing was changed

        int saved;
        using (var store = LsmStore.OpenOn(files, Directory, null, s_pointInTime))
        {
            saved = AssertPrefix(store);
            Assert.InRange(saved, 1, Count - 1);
            AssertKept(files, logs, damagedLog);
            store.Put("new"u8, "1"u8);
        }

        // From here on it is a store like any other.
        using (var store = LsmStore.OpenOn(files, Directory, null, s_options with { Recovery = RecoveryMode.Strict }))
        {
            Assert.Equal(saved, AssertPrefix(store));
            Assert.True(store.Contains("new"u8));
            Assert.True(store.Verify().IsSound);
            while (store.RunBackgroundStep())
            {
                // The sweep, too, leaves what was kept.
            }
        }

        AssertKept(files, logs, damagedLog);
        Assert.Empty(files.OpenHandles);
    }

    [Fact]
    public void Reading_only_changes_nothing_and_shows_the_same_prefix()
    {
        var files = new FaultyFileSystem();
        MakeDamaged(files, 1);
        var operations = files.Operations;
        using var store = LsmStore.OpenOn(files, Directory, null, s_pointInTime with { Mode = OpenMode.ReadOnly });
        Assert.InRange(AssertPrefix(store), 1, Count - 1);
        Assert.Equal(operations, files.Operations);
    }

    [Fact]
    public void A_crash_at_any_operation_of_such_an_opening_loses_neither_the_prefix_nor_what_was_given_up()
    {
        var first = new FaultyFileSystem();
        var logs = MakeDamaged(first, 1);
        var (from, saved) = (first.Operations, 0);
        using (var store = LsmStore.OpenOn(first, Directory, null, s_pointInTime))
        {
            saved = AssertPrefix(store);
        }

        var to = first.Operations;
        for (var k = from; k < to; k++)
        {
            foreach (var profile in new[] { CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.RandomSectors((int)k) })
            {
                var files = new FaultyFileSystem();
                MakeDamaged(files, 1);
                files.StopAt(k);
                Record.Exception(() => LsmStore.OpenOn(files, Directory, null, s_pointInTime).Dispose());
                var after = files.Crash(profile);
                using var store = LsmStore.OpenOn(after, Directory, null, s_pointInTime);
                Assert.Equal(saved, AssertPrefix(store));
                AssertKept(after, logs, 1);
            }
        }
    }

    /// <summary>A store whose process died with three logs, of which one has a changed bit in its middle; returns the logs as they are then.</summary>
    private static (string Path, byte[] Bytes)[] MakeDamaged(FaultyFileSystem files, int damagedLog)
    {
        files.CreateDirectory(Directory);
        var living = new FaultyFileSystem();
        var store = LsmStore.OpenOn(living, Directory, null, s_options);
        for (var i = 0; i < Count; i++)
        {
            store.Put(Key(i), new byte[3_000]);
        }

        var dead = FileContents.CopyOf(living, Directory);
        store.Dispose();
        foreach (var name in dead.List(Directory))
        {
            FileContents.Write(files, Path.Combine(Directory, name), FileContents.Read(dead, Path.Combine(Directory, name)));
        }

        files.SyncDirectory(Directory);
        var paths = files.List(Directory).Where(static name => name.EndsWith(".log", StringComparison.Ordinal)).Select(static name => Path.Combine(Directory, name)).ToArray();
        Assert.Equal(3, paths.Length);
        var damaged = FileContents.Read(files, paths[damagedLog]);
        damaged[damaged.Length / 2] ^= 0x20;
        FileContents.Write(files, paths[damagedLog], damaged);
        files.SyncDirectory(Directory);
        return [.. paths.Select(path => (path, FileContents.Read(files, path)))];
    }

    private static int AssertPrefix(LsmStore store)
    {
        var saved = 0;
        while (saved < Count && store.Contains(Key(saved)))
        {
            saved++;
        }

        for (var i = saved; i < Count; i++)
        {
            Assert.False(store.Contains(Key(i)), $"{i} is there, and {saved} is not");
        }

        return saved;
    }

    private static void AssertKept(FaultyFileSystem files, (string Path, byte[] Bytes)[] logs, int damagedLog)
    {
        for (var i = 0; i < logs.Length; i++)
        {
            var aside = logs[i].Path + ".lost";
            Assert.Equal(i >= damagedLog, files.FileExists(aside));
            if (i >= damagedLog)
            {
                Assert.Equal(logs[i].Bytes, FileContents.Read(files, aside));
            }
        }
    }

    private static byte[] Key(int i) => Encoding.UTF8.GetBytes($"k{i:D4}");
}
