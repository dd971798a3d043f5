using System.Globalization;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tests.Compactions;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

/// <summary>Flushes, compactions, a new manifest and deletions on a file system that fails at every operation in turn.</summary>
public sealed class CrashTests
{
    private static readonly ManifestSettings s_smallManifest = new(700, 2);

    /// <summary>States that a reopen may find. More than one only while an outcome is unknown.</summary>
    private readonly HashSet<string> _possible = [""];

    private readonly Dictionary<string, string> _states = [];

    [Fact]
    public void After_a_crash_at_any_operation_the_version_is_the_last_acknowledged_or_the_next()
    {
        var rehearsal = new FaultyFileSystem();
        Run(rehearsal);
        Assert.True(rehearsal.Trace.Count(static line => line.StartsWith("rename", StringComparison.Ordinal)) > 1, "The manifest never began anew.");
        Assert.Empty(rehearsal.OpenHandles);
        for (var stop = 0; stop < rehearsal.Operations; stop++)
        {
            foreach (var profile in (CrashProfile[])
                [CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.TornAfter(stop % 97), CrashProfile.RandomSectors(stop), CrashProfile.RandomSectors(~stop)])
            {
                var files = new FaultyFileSystem();
                files.StopAt(stop);
                var place = string.Create(CultureInfo.InvariantCulture, $"stopped at operation {stop}, {profile}");
                try
                {
                    Run(files);
                    // Closing the manifest is the last operation, and its errors are nobody's concern.
                    Assert.True(stop == rehearsal.Operations - 1, $"{place}: nothing stopped it");
                }
                catch (PowerCutException cut)
                {
                    place += $" ({cut.Message})";
                }

                var after = files.Crash(profile);
                var found = Reopen(after, place);
                Assert.True(_possible.Contains(found), $"{place}: found\n{found}\nbut possible are\n{string.Join("\nor\n", _possible)}");
                // Recovery itself may be cut off, and changes nothing that counts.
                Assert.True(found == Reopen(after.Crash(CrashProfile.PowerCut), place), place);
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void After_an_error_at_any_operation_nothing_that_was_acknowledged_is_lost(bool sticky, bool isFull)
    {
        var rehearsal = new FaultyFileSystem();
        Run(rehearsal);
        for (var skip = 0; skip < rehearsal.Operations; skip++)
        {
            var files = new FaultyFileSystem();
            files.FailWhen(
                static (operation, _) => operation <= FileOperation.Lock, isFull ? static () => new StoreFullException("Nothing left.") : null, skip, sticky);
            var place = string.Create(CultureInfo.InvariantCulture, $"failing operation {skip}, sticky {sticky}");
            try
            {
                Run(files);
            }
            catch (Exception error) when (error is IOException or StoreException)
            {
                place += $": {error.Message}";
            }

            Assert.Empty(files.OpenHandles);
            files.ClearFaults();
            foreach (var profile in (CrashProfile[])[CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.RandomSectors(skip)])
            {
                var found = Reopen(files.Crash(profile), $"{place}, {profile}");
                Assert.True(_possible.Contains(found), $"{place}, {profile}: found\n{found}\nbut possible are\n{string.Join("\nor\n", _possible)}\n{string.Join('\n', files.Trace)}");
            }
        }
    }

    [Fact]
    public void After_an_error_of_the_manifest_nothing_may_be_deleted_until_a_new_one_is_in_force()
    {
        var files = new FaultyFileSystem();
        using var tree = new TestTree(files);
        tree.FlushText("a#1");
        var before = tree.Version;
        var manifest = tree.Versions.ManifestNumber;
        files.FailOn(FileOperation.Sync, FileNames.Manifest(manifest));
        Assert.Throws<IOException>(() => tree.FlushText("b#2"));
        Assert.Same(before, tree.Version);
        Assert.False(tree.Versions.MayDeleteFiles);
        tree.FlushText("c#3");
        Assert.True(tree.Versions.MayDeleteFiles);
        Assert.NotEqual(manifest, tree.Versions.ManifestNumber);
        Assert.Equal("L0: c#3 | a#1", tree.DumpAll());
        Assert.Equal("L0: c#3 | a#1", Reopen(files.Crash(CrashProfile.PowerCut), ""));
    }

    [Theory]
    [InlineData(nameof(FileOperation.Append), "MANIFEST-000005")]
    [InlineData(nameof(FileOperation.Sync), "MANIFEST-000005")]
    [InlineData(nameof(FileOperation.Sync), "CURRENT.tmp")]
    [InlineData(nameof(FileOperation.Rename), "CURRENT")]
    [InlineData(nameof(FileOperation.SyncDirectory), "store")]
    public void A_second_error_is_final(string operation, string nameEnd)
    {
        var files = new FaultyFileSystem();
        using var tree = new TestTree(files);
        tree.FlushText("a#1");
        files.FailOn(FileOperation.Append, FileNames.Manifest(tree.Versions.ManifestNumber));
        Assert.Throws<IOException>(() => tree.Versions.Apply(new VersionEdit()));
        tree.Versions.Numbers.Next();
        tree.Versions.Numbers.Next();
        files.FailOn(Enum.Parse<FileOperation>(operation), nameEnd);
        var first = Assert.ThrowsAny<IOException>(() => tree.Versions.Apply(new VersionEdit()));
        Assert.Same(first, Assert.Throws<StoreFailedException>(() => tree.Versions.Apply(new VersionEdit())).InnerException);
        Assert.False(tree.Versions.MayDeleteFiles);
        Assert.Equal("L0: a#1", Reopen(files.Crash(CrashProfile.PowerCut), ""));
    }

    [Fact]
    public void A_full_disk_is_not_final()
    {
        var files = new FaultyFileSystem();
        using var tree = new TestTree(files);
        files.FailOn(FileOperation.Append, "", static () => new StoreFullException("Nothing left."), sticky: true);
        for (var round = 0; round < 3; round++)
        {
            Assert.Throws<StoreFullException>(() => tree.Versions.Apply(new VersionEdit()));
            Assert.False(tree.Versions.MayDeleteFiles);
        }

        files.ClearFaults();
        tree.FlushText("a#1");
        Assert.True(tree.Versions.MayDeleteFiles);
        Assert.Equal("L0: a#1", Reopen(files.Crash(CrashProfile.PowerCut), ""));
    }

    [Theory]
    [InlineData(nameof(FileOperation.Create), "MANIFEST-")]
    [InlineData(nameof(FileOperation.Create), "CURRENT.tmp")]
    [InlineData(nameof(FileOperation.SyncDirectory), "store")]
    public void A_new_manifest_that_cannot_be_created_or_a_directory_that_cannot_be_opened_is_not_final(string operation, string name)
    {
        var files = new FaultyFileSystem();
        using var tree = new TestTree(files);
        tree.FlushText("a#1");
        files.FailOn(FileOperation.Append, FileNames.Manifest(tree.Versions.ManifestNumber));
        Assert.Throws<IOException>(() => tree.Versions.Apply(new VersionEdit()));
        files.FailWhen(
            (done, path) => done == Enum.Parse<FileOperation>(operation) && Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal),
            static () => new FileNotOpenedException(new IOException("Too many open files (error 24).", 24)),
            sticky: true);
        for (var round = 0; round < 3; round++)
        {
            Assert.Throws<FileNotOpenedException>(() => tree.Versions.Apply(new VersionEdit()));
            Assert.False(tree.Versions.MayDeleteFiles);
        }

        files.ClearFaults();
        tree.FlushText("b#2");
        Assert.True(tree.Versions.MayDeleteFiles);
        Assert.Equal("L0: b#2 | a#1", Reopen(files.Crash(CrashProfile.PowerCut), ""));
    }

    [Fact]
    public void A_store_is_created_in_the_order_that_a_crash_cannot_break()
    {
        var files = new FaultyFileSystem();
        using var tree = new TestTree(files);
        files.AssertOrder(
            "create MANIFEST-000001", "append MANIFEST-000001", "sync MANIFEST-000001", "create CURRENT.tmp", "append CURRENT.tmp", "sync CURRENT.tmp",
            "sync-directory store", "rename CURRENT.tmp -> CURRENT", "sync-directory store");
    }

    [Fact]
    public void A_table_and_its_name_are_durable_before_the_manifest_names_it()
    {
        var files = new FaultyFileSystem();
        using var tree = new TestTree(files);
        tree.FlushText("a#1 b#2");
        tree.CompactRange(KeyRange.Everything);
        files.AssertOrder(
            "create 000002.sst", "append 000002.sst", "finish 000002.sst", "sync 000002.sst", "sync-directory store", "append MANIFEST-000001", "sync MANIFEST-000001",
            "create 000003.sst", "append 000003.sst", "finish 000003.sst", "sync 000003.sst", "sync-directory store", "append MANIFEST-000001", "sync MANIFEST-000001");
    }

    /// <summary>The script. Keeps <see cref="_possible"/> up to date with what a reopen may find.</summary>
    private void Run(FaultyFileSystem files)
    {
        _possible.Clear();
        _possible.Add("");
        using var tree = new TestTree(files, manifest: s_smallManifest);
        var done = "";
        for (ulong round = 1; round <= 8; round++)
        {
            var first = round * 10;
            done = Step(tree, done, $"a#{first} b#{first + 1} k{round}#{first + 2}" + (round % 3 == 0 ? $" [k1,k{round})#{first + 3}" : ""));
            if (tree.Version.Count(0) > 2)
            {
                done = Step(tree, done, "compact");
            }

            Sweep(tree);
        }
    }

    /// <summary>Takes one step and returns the steps done. An error leaves its outcome unknown; a power cut ends the run with it.</summary>
    private string Step(TestTree tree, string done, string step)
    {
        var before = tree.Version;
        var next = StateAfter($"{done}\n{step}");
        try
        {
            Do(tree, step);
            _possible.Clear();
            _possible.Add(next);
            Assert.Equal(next, tree.DumpAll());
            return $"{done}\n{step}";
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            if (tree.Version == before)
            {
                _possible.Add(next);
            }

            if (error is PowerCutException)
            {
                throw;
            }

            return tree.Version == before ? done : $"{done}\n{step}";
        }
    }

    private static void Do(TestTree tree, string step)
    {
        if (step == "compact")
        {
            tree.Compact(CompactionPicker.PickManual(tree.Version, KeyRange.Everything, tree.Levels, [], Trailer.MaxSequence)!);
        }
        else
        {
            tree.FlushText(step);
        }
    }

    /// <summary>What the steps lead to where nothing fails.</summary>
    private string StateAfter(string steps)
    {
        if (!_states.TryGetValue(steps, out var state))
        {
            using var tree = new TestTree();
            foreach (var step in steps.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Do(tree, step);
            }

            state = tree.DumpAll();
            _states.Add(steps, state);
        }

        return state;
    }

    private static void Sweep(TestTree tree)
    {
        if (!tree.Versions.MayDeleteFiles)
        {
            return;
        }

        var live = tree.Version.Tables.Select(static table => table.Number).ToHashSet();
        var floor = tree.Versions.Numbers.Upcoming;
        var names = ObsoleteFiles.Find(tree.Files.List(TestTree.Directory), live, 0, tree.Versions.ManifestNumber, floor);
        ObsoleteFiles.Delete(tree.Files, TestTree.Directory, names);
    }

    private static string Reopen(FaultyFileSystem files, string place)
    {
        if (!VersionSet.Exists(files, TestTree.Directory))
        {
            return "";
        }

        try
        {
            using var tree = new TestTree(files, manifest: s_smallManifest);
            return tree.DumpAll();
        }
        catch (StoreException error)
        {
            Assert.Fail($"{place}: {error}");
            throw;
        }
    }
}
