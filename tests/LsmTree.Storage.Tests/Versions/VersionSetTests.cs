using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Compactions;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class VersionSetTests
{
    private const string Directory = TestTree.Directory;
    private readonly MemoryFileSystem _files = new();

    [Fact]
    public void What_was_applied_is_found_again()
    {
        string before;
        using (var tree = new TestTree(_files))
        {
            tree.FlushText("a#1 b#2 c#3");
            tree.FlushText("a#11 b#12d [c,e)#13");
            tree.CompactRange(KeyRange.Everything, 4);
            tree.FlushText("x#20");
            tree.Versions.Apply(new VersionEdit { LogNumber = 77, LastSequence = 99 });
            before = tree.DumpAll();
        }

        using var again = new TestTree(_files);
        Assert.Equal(before, again.DumpAll());
        Assert.Equal(TestTree.StoreId, again.Versions.StoreId);
        Assert.Equal(77UL, again.Versions.LogNumber);
        Assert.Equal(99UL, again.Versions.LastSequence);
        Assert.Equal(again.Version.Tables.Select(static table => table.Info), again.Version.Tables.Select(static table => table.Info));
    }

    [Fact]
    public void The_last_sequence_number_is_never_below_that_of_a_table()
    {
        using var tree = new TestTree(_files);
        tree.FlushText("a#50");
        Assert.Equal(50UL, tree.Versions.LastSequence);
        tree.Versions.Apply(new VersionEdit { LastSequence = 40, LogNumber = 3 });
        Assert.Equal(50UL, tree.Versions.LastSequence);
    }

    [Fact]
    public void File_numbers_go_on_above_every_file_in_the_directory_orphans_included()
    {
        ulong upcoming;
        using (var tree = new TestTree(_files))
        {
            tree.FlushText("a#1");
            upcoming = tree.Versions.Numbers.Upcoming;
        }

        using (var tree = new TestTree(_files))
        {
            Assert.Equal(upcoming, tree.Versions.Numbers.Upcoming);
        }

        _files.CreateAppend($"{Directory}/001000.sst", new AppendSettings(Mapped: false)).Dispose();
        using (var tree = new TestTree(_files))
        {
            Assert.Equal(1001UL, tree.Versions.Numbers.Upcoming);
        }

        _files.CreateAppend($"{Directory}/18446744073709551615.log", new AppendSettings(Mapped: false)).Dispose();
        Assert.Throws<StoreFormatException>(() => new TestTree(_files));
    }

    [Fact]
    public void Recovery_writes_nothing_and_the_first_step_begins_a_new_manifest()
    {
        using (var tree = new TestTree(_files))
        {
            tree.FlushText("a#1");
        }

        var before = Contents();
        using (var versions = VersionSet.Recover(_files, Directory, new BlockCache(0)))
        {
            Assert.Equal(1, versions.Current.TableCount);
            Assert.False(versions.MayDeleteFiles);
            Assert.Equal(before, Contents());
            var old = versions.ManifestNumber;
            versions.Apply(new VersionEdit());
            Assert.True(versions.MayDeleteFiles);
            Assert.True(versions.ManifestNumber > old);
            Assert.Contains(FileNames.Manifest(old), _files.List(Directory));
        }

        using var again = new TestTree(_files);
        Assert.Equal("L0: a#1", again.DumpAll());
    }

    [Fact]
    public void A_table_that_moves_is_the_same_object()
    {
        using var tree = new TestTree(_files);
        tree.FlushText("a#1");
        var table = tree.Version.Level(0)[0];
        tree.Versions.Apply(new VersionEdit { Removed = [new RemovedTable(0, table.Number)], Added = [new AddedTable(4, table.Info)] });
        Assert.Same(table, tree.Version.Level(4)[0]);
        Assert.Equal(0, tree.Version.Count(0));
    }

    [Fact]
    public void An_edit_that_does_not_fit_is_refused_and_nothing_is_written()
    {
        using var tree = new TestTree(_files);
        tree.FlushText("a#1 c#2");
        var version = tree.Version;
        var info = version.Level(0)[0].Info;
        var before = Contents();
        Assert.Throws<InvalidOperationException>(() => tree.Versions.Apply(new VersionEdit { Removed = [new RemovedTable(1, info.Number)] }));
        Assert.Throws<InvalidOperationException>(() => tree.Versions.Apply(new VersionEdit { Added = [new AddedTable(1, info)] }));
        Assert.Throws<InvalidOperationException>(() => tree.Versions.Apply(new VersionEdit
        {
            Added = [new AddedTable(1, info with { Number = 50 }), new AddedTable(1, info with { Number = 51, SmallestKey = "c"u8.ToArray(), LargestKey = "d"u8.ToArray() })],
        }));
        Assert.Same(version, tree.Version);
        Assert.Equal(before, Contents());
        Assert.True(tree.Versions.MayDeleteFiles);
    }

    [Fact]
    public void The_manifest_begins_anew_when_it_has_grown()
    {
        using (var tree = new TestTree(_files, manifest: new ManifestSettings(2000, 2)))
        {
            var first = tree.Versions.ManifestNumber;
            for (var i = 1; i <= 40; i++)
            {
                tree.FlushText($"key{i}#{i}");
                if (tree.Version.Count(0) > 3)
                {
                    tree.CompactRange(KeyRange.Everything);
                }
            }

            Assert.True(tree.Versions.ManifestNumber > first);
            using var manifest = _files.OpenRead($"{Directory}/{FileNames.Manifest(tree.Versions.ManifestNumber)}");
            Assert.InRange(manifest.Length, 1, 3000);
        }

        using var again = new TestTree(_files);
        Assert.Equal(40, again.Read(1000).Count);
    }

    [Fact]
    public void Where_tables_or_logs_lie_without_CURRENT_no_store_is_created()
    {
        using (var tree = new TestTree(_files))
        {
            tree.FlushText("a#1");
        }

        _files.Delete($"{Directory}/CURRENT");
        var error = Assert.Throws<StoreFormatException>(() => VersionSet.Exists(_files, Directory));
        Assert.Contains("CURRENT", error.Message, StringComparison.Ordinal);
        Assert.Contains("from a checkpoint", error.Message, StringComparison.Ordinal);
        Assert.Throws<StoreFormatException>(() => VersionSet.Create(_files, Directory, 1, new BlockCache(0)));
    }

    [Fact]
    public void Other_peoples_files_do_not_keep_a_store_from_being_created()
    {
        Assert.False(VersionSet.Exists(_files, "/absent"));
        _files.CreateDirectory(Directory);
        _files.CreateAppend($"{Directory}/notes.txt", new AppendSettings(Mapped: false)).Dispose();
        _files.CreateAppend($"{Directory}/{FileNames.Manifest(1)}", new AppendSettings(Mapped: false)).Dispose();
        Assert.False(VersionSet.Exists(_files, Directory));
        Assert.Throws<StoreFormatException>(() => VersionSet.Recover(_files, Directory, new BlockCache(0)));
        using var versions = VersionSet.Create(_files, Directory, 1, new BlockCache(0));
        Assert.Equal(2UL, versions.ManifestNumber);
        Assert.True(VersionSet.Exists(_files, Directory));
        Assert.Throws<InvalidOperationException>(() => VersionSet.Create(_files, Directory, 1, new BlockCache(0)));
    }

    [Fact]
    public void A_table_that_the_manifest_names_must_be_there()
    {
        string path;
        using (var tree = new TestTree(_files))
        {
            tree.FlushText("a#1");
            path = tree.Version.Level(0)[0].Path;
        }

        _files.Delete(path);
        var error = Assert.Throws<CorruptionException>(() => new TestTree(_files));
        Assert.Equal(path, error.File);
    }

    [Fact]
    public void A_newer_format_is_refused_with_the_numbers_and_the_program()
    {
        _files.CreateDirectory(Directory);
        WriteManifest(1, [1, (byte)(StoreFormat.Newest + 1), 99, 1, 2, 3]);
        var error = Assert.Throws<StoreFormatException>(() => VersionSet.Recover(_files, Directory, new BlockCache(0)));
        Assert.Contains($"in format {StoreFormat.Newest + 1}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"reads the formats 1 to {StoreFormat.Newest}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"LsmTree.Storage {typeof(LsmStore).Assembly.GetName().Version!.ToString(3)}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raised_format_stays_over_recoveries_and_new_manifests()
    {
        using (var tree = new TestTree(_files))
        {
            Assert.Equal(StoreFormat.Base, tree.Versions.Format);
            tree.FlushText("a#1");
            Assert.Equal(StoreFormat.Base, tree.Versions.Format);
            tree.Versions.Apply(new VersionEdit { FormatVersion = StoreFormat.ExpiringEntries });
            Assert.Equal(StoreFormat.ExpiringEntries, tree.Versions.Format);
        }

        for (var round = 0; round < 3; round++)
        {
            using var tree = new TestTree(_files);
            Assert.Equal(StoreFormat.ExpiringEntries, tree.Versions.Format);
            tree.Versions.Apply(new VersionEdit { FormatVersion = StoreFormat.Base });
            Assert.Equal(StoreFormat.ExpiringEntries, tree.Versions.Format);
        }
    }

    [Theory]
    [InlineData("03 05", "an edit without them")]
    [InlineData("01 01", "an edit without them")]
    [InlineData("01 01 02 63", "0000000000000063")]
    [InlineData("01 01 02 07 06 00 05", "removes table 5 from level 0")]
    [InlineData("01 01 02 07 63", "unknown, cut off or out of range")]
    public void A_first_edit_that_makes_no_sense_is_damage(string hex, string found)
    {
        _files.CreateDirectory(Directory);
        WriteManifest(1, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var error = Assert.Throws<CorruptionException>(() => VersionSet.Recover(_files, Directory, new BlockCache(0)));
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_of_another_number_is_damage()
    {
        using (var tree = new TestTree(_files))
        {
            tree.FlushText("a#1");
        }

        _files.Rename($"{Directory}/{FileNames.Manifest(1)}", $"{Directory}/{FileNames.Manifest(9)}");
        CurrentFile.Prepare(_files, Directory, 9);
        CurrentFile.Switch(_files, Directory);
        Assert.Throws<CorruptionException>(() => VersionSet.Recover(_files, Directory, new BlockCache(0)));
    }

    private void WriteManifest(ulong number, params byte[][] edits)
    {
        using var log = LogWriter.Create(_files, $"{Directory}/{FileNames.Manifest(number)}", new LogIdentity(7, number), new AppendSettings(Mapped: false));
        log.Begin(default);
        ulong ordinal = 0;
        foreach (var edit in edits)
        {
            log.Append(LogRecordType.Edit, ++ordinal, 1, edit);
        }

        CurrentFile.Prepare(_files, Directory, number);
        CurrentFile.Switch(_files, Directory);
    }

    private string Contents() => string.Join('\n', _files.List(Directory).Select(name =>
    {
        using var file = _files.OpenRead($"{Directory}/{name}");
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return $"{name} {Convert.ToHexString(bytes)}";
    }));
}
