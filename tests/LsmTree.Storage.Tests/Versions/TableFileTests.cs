using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Tests.Compactions;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class TableFileTests : IDisposable
{
    private readonly FaultyFileSystem _files = new();
    private readonly TestTree _tree;

    public TableFileTests()
    {
        _tree = new TestTree(_files);
        _tree.FlushText("a#1 b#2 c#3d [d,f)#4", 0);
    }

    private TableInfo Info => _tree.Version.Level(0)[0].Info;

    [Fact]
    public void The_manifest_knows_what_the_table_says_of_itself()
    {
        var info = Info;
        Assert.Equal("a"u8.ToArray(), info.SmallestKey);
        Assert.Equal("f"u8.ToArray(), info.LargestKey);
        Assert.True(info.LargestIsExclusive);
        Assert.Equal((1UL, 4UL), (info.SmallestSequence, info.LargestSequence));
        Assert.Equal((3L, 1L, 1L), (info.EntryCount, info.TombstoneCount, info.RangeTombstoneCount));
        using var file = _files.OpenRead($"{TestTree.Directory}/{FileNames.Table(info.Number)}");
        Assert.Equal(file.Length, info.FileBytes);
        Assert.Equal(info.Checksum, TableFileOf(info).Open().Properties.Checksum);
    }

    [Fact]
    public void It_is_opened_once_by_whoever_comes_first()
    {
        var table = TableFileOf(Info);
        Assert.False(table.IsOpen);
        var opened = new Table[8];
        Parallel.For(0, opened.Length, i => opened[i] = table.Open());
        Assert.All(opened, one => Assert.Same(opened[0], one));
        Assert.Single(_files.OpenHandles, static handle => handle.StartsWith("read", StringComparison.Ordinal));
        table.Close();
        table.Close();
        Assert.DoesNotContain(_files.OpenHandles, static handle => handle.StartsWith("read", StringComparison.Ordinal));
    }

    [Fact]
    public void Once_closed_it_is_not_opened_again()
    {
        var table = TableFileOf(Info);
        table.Close();
        Assert.Throws<ObjectDisposedException>(() => table.Open());
    }

    [Fact]
    public void Whoever_still_holds_it_after_the_close_is_told_to_look_again()
    {
        var table = TableFileOf(Info);
        table.Open();
        table.Close();
        var counters = default(TableCounters);
        var outcome = table.Open().TryGet("a"u8, ulong.MaxValue, ReadTier.CacheOnly, ref counters, out _, out _);
        Assert.Equal(LookupOutcome.NeedsRead, outcome);
    }

    [Fact]
    public void A_file_that_is_not_the_one_described_is_refused()
    {
        var info = Info;
        foreach (var other in (TableInfo[])[
            info with { FileBytes = info.FileBytes + 1 },
            info with { EntryCount = 4 },
            info with { TombstoneCount = 2 },
            info with { RangeTombstoneCount = 2 },
            info with { RawBytes = 1 },
            info with { SmallestKey = "b"u8.ToArray() },
            info with { LargestKey = "e"u8.ToArray() },
            info with { LargestIsExclusive = false },
            info with { SmallestSequence = 0 },
            info with { LargestSequence = 5 },
            info with { Checksum = info.Checksum ^ 1 }])
        {
            var error = Assert.Throws<CorruptionException>(() => TableFileOf(other).Open());
            Assert.EndsWith(FileNames.Table(info.Number), error.File, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(_files.OpenHandles, static handle => handle.StartsWith("read", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_and_another_tables_file_are_damage_too()
    {
        Assert.Contains("no such file", Assert.Throws<CorruptionException>(() => TableFileOf(Info with { Number = 99 }).Open()).Message, StringComparison.Ordinal);
        _files.TryHardLink($"{TestTree.Directory}/{FileNames.Table(Info.Number)}", $"{TestTree.Directory}/{FileNames.Table(99)}");
        Assert.Throws<CorruptionException>(() => TableFileOf(Info with { Number = 99 }).Open());
        Assert.Throws<CorruptionException>(() => new TableFile(_files, TestTree.Directory, 1, _tree.Cache, Info).Open());
    }

    public void Dispose() => _tree.Dispose();

    private TableFile TableFileOf(TableInfo info) => new(_files, TestTree.Directory, TestTree.StoreId, new BlockCache(1 << 20), info);
}
