using LsmTree.Storage.Backups;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Recovery;

/// <summary>Numbers after a power cut: those that something durable bears are never given again; those that the power cut took are, and nobody mistakes the new for the old.</summary>
public sealed class ReusedNumberTests
{
    private const string Db = "/data/db";
    private const string Backups = "/data/backups";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, TableBytes = 64 << 10, Seed = 1 };

    [Fact]
    public void Tables_and_a_write_that_a_power_cut_took_leave_their_numbers_to_others_and_no_copy_mixes_them_up()
    {
        var files = new FaultyFileSystem();
        FaultyFileSystem? cut = null;
        ulong[] lost = [];
        using (var store = LsmStore.OpenOn(files, Db, null, s_options))
        {
            store.Put("a"u8, "kept"u8);
            store.Flush();
            Backup(store, files);
            var kept = Tables(files);
            store.Put("b"u8, "lost"u8);
            Assert.Equal(2, store.LastSequence);

            // The power goes when tables are written and synced, and their names are not.
            using var load = store.BeginBulkLoad();
            for (var i = 0; i < 6; i++)
            {
                load.Add([(byte)'l', (byte)i], new byte[70_000]);
            }

            files.FailWhen((operation, _) =>
            {
                if (operation == FileOperation.SyncDirectory && cut is null)
                {
                    cut = files.Crash(CrashProfile.PowerCut);
                    lost = [.. Tables(files).Except(kept)];
                }

                return false;
            });
            load.Complete();
        }

        Assert.Equal(6, lost.Length);
        Assert.Empty(Tables(cut!).Intersect(lost));
        using var reopened = LsmStore.OpenOn(cut!, Db, null, s_options);
        Assert.Equal(["a=kept"], LsmStoreTests.Dump(reopened));
        Assert.Equal(1, reopened.LastSequence);
        reopened.Put("b"u8, "of another history"u8);
        Assert.Equal(2, reopened.LastSequence); // the number of the write that is gone
        reopened.Flush();
        Assert.NotEmpty(Tables(cut!).Intersect(lost)); // and of a table that is gone
        Assert.True(reopened.Verify().IsSound);
        Backup(reopened, cut!);
        reopened.CheckpointTo("/data/copy");
        var backups = new BackupDirectory(cut!, Backups, "test");
        Assert.True(backups.Verify(null, CancellationToken.None).IsSound);
        Assert.Equal(["a=kept"], Restored(cut!, backups, 1));
        Assert.Equal(["a=kept", "b=of another history"], Restored(cut!, backups, 2));
        using var copy = LsmStore.OpenOn(cut!, "/data/copy", null, s_options);
        Assert.Equal(["a=kept", "b=of another history"], LsmStoreTests.Dump(copy));
    }

    [Fact]
    public void A_number_that_something_durable_bears_is_not_given_again_wherever_the_power_goes()
    {
        var whole = new FaultyFileSystem();
        Run(whole);
        for (var k = 0; k < whole.Operations; k++)
        {
            var files = new FaultyFileSystem();
            files.StopAt(k);
            Record.Exception(() => Run(files));
            var cut = files.Crash(CrashProfile.PowerCut);
            if (!cut.DirectoryExists(Db))
            {
                continue;
            }

            var before = cut.List(Db).Where(IsNumbered).Select(NumberOf).DefaultIfEmpty(0UL).Max();
            var traced = cut.Operations;
            using var store = LsmStore.OpenOn(cut, Db, null, s_options);
            var created = cut.Trace.Skip((int)traced).Where(static line => line.StartsWith("create ", StringComparison.Ordinal)).Select(static line => line["create ".Length..]).Where(IsNumbered).ToArray();
            Assert.NotEmpty(created);
            Assert.All(created, name => Assert.True(NumberOf(name) > before, $"operation {k}: {name} was created where there was a {before}"));
        }
    }

    private static void Run(FaultyFileSystem files)
    {
        using var store = LsmStore.OpenOn(files, Db, null, s_options);
        for (var i = 0; i < 3; i++)
        {
            store.Put("a"u8, BitConverter.GetBytes(i));
            store.Flush();
        }

        store.Compact();
        store.Put("b"u8, "1"u8);
    }

    private static void Backup(LsmStore store, FaultyFileSystem files)
    {
        using var image = store.TakeImage();
        new BackupDirectory(files, Backups, "test").Create(image, Db, DateTimeOffset.UnixEpoch, CancellationToken.None);
    }

    private static List<string> Restored(FaultyFileSystem files, BackupDirectory backups, long id)
    {
        backups.Restore($"/data/restored-{id}", id, CancellationToken.None);
        using var store = LsmStore.OpenOn(files, $"/data/restored-{id}", null, s_options);
        return LsmStoreTests.Dump(store);
    }

    private static ulong[] Tables(FaultyFileSystem files) => [.. files.List(Db).Where(static name => name.EndsWith(".sst", StringComparison.Ordinal)).Select(NumberOf)];

    private static bool IsNumbered(string name) => FileNames.TryParse(name, out _, out var number) && number > 0;

    private static ulong NumberOf(string name) => FileNames.TryParse(name, out _, out var number) ? number : 0;
}
