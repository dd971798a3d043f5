using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Repairs;

/// <summary>Repairs that are cut short: what they leave is recognised, opens as nothing, and is in nobody's way.</summary>
public sealed class RepairTargetTests
{
    private const string Source = "/damaged";
    private const string Target = "/repaired";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 3, MemtableBytes = 64 << 10, Mode = OpenMode.ReadWriteCreate };

    [Fact]
    public void A_repair_that_was_cut_at_any_operation_is_repeated_in_its_place()
    {
        var (whole, expected) = Damaged();
        Repair(whole);
        Assert.Equal(expected, StoreContents.Of(whole, Target));
        Assert.DoesNotContain("RESTORING", whole.List(Target));
        var unfinished = 0;
        for (var k = Damaged().Files.Operations; k <= whole.Operations; k++)
        {
            var (cut, _) = Damaged();
            cut.StopAt(k);
            var error = Record.Exception(() => Repair(cut));
            Assert.True(error is null or IOException, error?.ToString());
            foreach (var profile in new[] { CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.RandomSectors((int)k) })
            {
                var where = $"operation {k}, {profile}";
                var files = cut.Crash(profile);
                var names = files.DirectoryExists(Target) ? files.List(Target) : [];
                if (names.Contains("CURRENT"))
                {
                    Assert.Throws<IOException>(() => Repair(files));
                }
                else
                {
                    if (names.Contains("RESTORING"))
                    {
                        unfinished++;
                        Assert.Contains("cut short", Assert.Throws<StoreFormatException>(() => LsmStore.OpenOn(files, Target, null, s_options)).Message, StringComparison.Ordinal);
                    }

                    Assert.True(names.Contains("RESTORING") || !names.Any(static name => name.EndsWith(".sst", StringComparison.Ordinal)), $"{where}: nothing says what {string.Join(' ', names)} are");
                    Repair(files);
                    Assert.DoesNotContain("RESTORING", files.List(Target));
                }

                Assert.True(expected.SequenceEqual(StoreContents.Of(files, Target)), where);
            }
        }

        Assert.InRange(unfinished, 5, int.MaxValue);
    }

    [Fact]
    public void A_repair_that_is_cancelled_leaves_nothing_but_the_lock_file()
    {
        var (files, expected) = Damaged();
        using var cancellation = new CancellationTokenSource();
        files.FailWhen(
            (operation, path) =>
            {
                if (operation == FileOperation.Create && path.StartsWith(Target, StringComparison.Ordinal) && path.EndsWith(".sst", StringComparison.Ordinal))
                {
                    cancellation.Cancel();
                }

                return false;
            },
            static () => new IOException("never"),
            sticky: true);
        Assert.Throws<OperationCanceledException>(() => StoreRepair.RunOn(files, Source, Target, s_options, cancellation.Token));
        Assert.Equal(["LOCK"], files.List(Target));
        Repair(files);
        Assert.Equal(expected, StoreContents.Of(files, Target));
    }

    /// <summary>A store without a manifest, with tables and a log.</summary>
    private static (FaultyFileSystem Files, IReadOnlyList<string> Expected) Damaged()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Source, null, s_options);
        StoreContents.Put(store, 0, 30, "one");
        store.Flush();
        StoreContents.Put(store, 20, 40, "two");
        store.Flush();
        StoreContents.Put(store, 35, 50, "in the log");
        var expected = StoreContents.Of(store);
        var left = files.Crash(CrashProfile.ProcessDeath);
        left.Delete($"{Source}/CURRENT");
        return (left, expected);
    }

    private static void Repair(FaultyFileSystem files) => StoreRepair.RunOn(files, Source, Target, s_options, CancellationToken.None);
}
