using LsmTree.Storage.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Backups;

/// <summary>Restores that are cut short: the next one recognises its own remains, and nobody else's files.</summary>
public sealed class CopyTargetTests
{
    private const string Backups = "/backups";
    private const string Target = "/restored";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1 };

    [Fact]
    public void A_restore_that_was_cut_at_any_operation_is_repeated_in_its_place()
    {
        var (whole, expected) = BackedUp();
        Restore(whole);
        var (_, begin) = Start();
        var operations = whole.Operations;
        var (refused, begun) = (0, 0);
        for (var k = begin; k <= operations; k++)
        {
            var (cut, _) = Start();
            cut.StopAt(k);
            var error = Record.Exception(() => Restore(cut)); // an error behind CURRENT takes nothing from a whole restore
            Assert.True(error is null or IOException, error?.ToString());

            foreach (var profile in new[] { CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.RandomSectors((int)k) })
            {
                var where = $"operation {k}, {profile}";
                var files = cut.Crash(profile);
                var names = files.DirectoryExists(Target) ? files.List(Target) : [];
                Assert.True(error is not null || names.Contains("CURRENT"), where);
                if (names.Contains("CURRENT"))
                {
                    Assert.True(expected.SequenceEqual(StoreContents.Of(files, Target)), where);
                    Assert.Throws<IOException>(() => Restore(files));
                    continue;
                }

                if (names.Contains("RESTORING"))
                {
                    begun++;
                    var refusal = Assert.Throws<StoreFormatException>(() => LsmStore.OpenOn(files, Target, null, s_options));
                    Assert.Contains("a restore to it was cut short", refusal.Message, StringComparison.Ordinal);
                    refused++;
                }

                Restore(files);
                Assert.True(expected.SequenceEqual(StoreContents.Of(files, Target)), where);
                Assert.DoesNotContain("RESTORING", files.List(Target));
            }
        }

        Assert.True(begun > 10 && refused == begun, $"{begun} unfinished restores");
    }

    [Fact]
    public void A_file_that_is_not_of_a_restore_is_never_touched()
    {
        var (files, expected) = Unfinished();
        FileContents.Write(files, $"{Target}/notes.txt", "somebody else's"u8);
        var before = files.List(Target);
        var error = Assert.Throws<IOException>(() => Restore(files));
        Assert.Contains("notes.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, files.List(Target));
        files.Delete($"{Target}/notes.txt");
        Restore(files);
        Assert.Equal(expected, StoreContents.Of(files, Target));
    }

    [Fact]
    public void A_store_is_refused_also_when_the_mark_of_its_restore_was_left_behind()
    {
        var (files, expected) = BackedUp();
        Restore(files);
        FileContents.Write(files, $"{Target}/RESTORING", []);
        using (var store = LsmStore.OpenOn(files, Target, null, s_options))
        {
            store.Put("z"u8, "written after the restore"u8);
        }

        var error = Assert.Throws<IOException>(() => Restore(files));
        Assert.Contains("is not empty", error.Message, StringComparison.Ordinal);
        Assert.Equal([.. expected, "z=written after the restore"], StoreContents.Of(files, Target));
    }

    [Fact]
    public void Of_two_restores_at_once_one_is_refused_and_the_other_undisturbed()
    {
        var (files, expected) = Unfinished();
        using (CopyTarget.Claim(files, Target, "the first"))
        {
            FileContents.Write(files, $"{Target}/000099.sst", "a table of the first"u8);
            Assert.Throws<StoreLockedException>(() => Restore(files));
            Assert.Contains("000099.sst", files.List(Target));
        }

        Assert.Equal(["LOCK"], files.List(Target)); // it gave up
        Restore(files);
        Assert.Equal(expected, StoreContents.Of(files, Target));
    }

    /// <summary>A backup, and the target of a restore that the power ended after two tables.</summary>
    private static (FaultyFileSystem Files, IReadOnlyList<string> Expected) Unfinished()
    {
        var (cut, expected) = BackedUp();
        var tables = 0;
        cut.FailWhen((operation, path) => operation == FileOperation.Create && path.StartsWith(Target, StringComparison.Ordinal) && path.EndsWith(".sst", StringComparison.Ordinal) && tables++ == 2, static () => new IOException("the power goes"));
        cut.FailWhen((operation, _) => operation == FileOperation.Delete && tables > 2, static () => new IOException("and nothing is tidied up"), sticky: true);
        Assert.ThrowsAny<IOException>(() => Restore(cut));
        var files = cut.Crash(CrashProfile.ProcessDeath);
        Assert.Contains("RESTORING", files.List(Target));
        Assert.Contains(files.List(Target), static name => name.EndsWith(".sst", StringComparison.Ordinal));
        return (files, expected);
    }

    private static (FaultyFileSystem Files, long Begin) Start()
    {
        var (files, _) = BackedUp();
        return (files, files.Operations);
    }

    private static (FaultyFileSystem Files, IReadOnlyList<string> Expected) BackedUp()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        for (var table = 0; table < 3; table++)
        {
            StoreContents.Put(store, table * 10, table * 10 + 15, $"value {table}");
            store.Flush();
        }

        using var image = store.TakeImage();
        new BackupDirectory(files, Backups, "test").Create(image, "/db", DateTimeOffset.UnixEpoch, CancellationToken.None);
        return (files, StoreContents.Of(store));
    }

    private static void Restore(FaultyFileSystem files) => new BackupDirectory(files, Backups, "test").Restore(Target, null, CancellationToken.None);
}
