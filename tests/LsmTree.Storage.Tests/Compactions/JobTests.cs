using System.Globalization;
using System.Text;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Compactions;

public sealed class JobTests
{
    [Fact]
    public void A_flush_writes_one_table_of_what_somebody_can_see()
    {
        using var tree = new TestTree();
        var result = tree.FlushText("a#9 a#5 b#3 c#7d c#2 [m,p)#8 n#4 o#10", 6);
        Assert.Equal("L0: a#9 a#5 b#3 c#7d c#2 n#4 o#10 [m,p)#8", tree.DumpAll());
        Assert.Equal((7, 7), (result.EntriesRead, result.EntriesWritten));
        result = tree.FlushText("a#29 a#25 b#23d b#22 [m,p)#28 n#24");
        Assert.Equal("a#29 b#23d [m,p)#28", TestTree.Dump(tree.Version.Level(0)[0]));
        Assert.Equal((5, 2), (result.EntriesRead, result.EntriesWritten));
        Assert.Equal(tree.Version.Level(0)[0].Info.FileBytes, result.BytesWritten);
    }

    [Fact]
    public void A_flush_of_which_nothing_is_left_writes_no_table()
    {
        using var tree = new TestTree();
        var before = tree.Files.List(TestTree.Directory);
        var result = tree.FlushText("a#9d a#5 [b,d)#8 c#7");
        Assert.Empty(result.Edit.Added);
        Assert.Equal(0, tree.Version.TableCount);
        Assert.Equal(before, tree.Files.List(TestTree.Directory));
    }

    [Fact]
    public void A_tombstone_stays_while_something_below_may_need_it()
    {
        using var tree = new TestTree();
        tree.FlushText("b#1");
        tree.FlushText("a#12d b#15d [a,c)#14");
        Assert.Equal("L0: b#15d [a,c)#14 | b#1", tree.DumpAll());
    }

    [Fact]
    public void Without_a_version_to_look_at_a_flush_keeps_all_tombstones()
    {
        using var tree = new TestTree();
        using var cursor = new EntryListCursor([("a"u8.ToArray(), Trailer.Pack(3, EntryKind.Delete), [])]);
        var result = tree.Flush.Run(cursor, RangeTombstoneList.Empty, []);
        Assert.Equal(1, Assert.Single(result.Edit.Added).Info.TombstoneCount);
    }

    [Fact]
    public void Level_0_is_merged_into_the_last_level_and_cleaned_on_the_way()
    {
        using var tree = new TestTree();
        tree.FlushText("a#1 b#2 c#3 d#4");
        tree.FlushText("a#11 b#12d [c,e)#13");
        tree.FlushText("d#21");
        tree.FlushText("e#31");
        var plan = tree.Pick();
        Assert.Equal("Merge L0{6,5,4,3} to L6 (Level0)".Length, plan!.ToString().Length);
        var result = tree.Compact(plan);
        Assert.Equal("L6: a#0 d#0 e#0", tree.DumpAll());
        Assert.Equal((8, 3), (result.EntriesRead, result.EntriesWritten));
        Assert.Equal(0UL, tree.Version.Level(6)[0].Info.LargestSequence);
    }

    [Fact]
    public void Snapshots_keep_what_they_see()
    {
        using var tree = new TestTree();
        tree.FlushText("a#1 b#2 c#3 d#4");
        tree.FlushText("a#11 b#12d [c,e)#13");
        tree.CompactRange(KeyRange.Everything, 4, 12);
        Assert.Equal("L6: a#11 a#0 b#12d b#0 c#0 d#0 [c,e)#13", tree.DumpAll());
        Assert.Equal("a=value11 c=value3 d=value4", Text(tree.Read(12)));
        Assert.Equal("a=value1 b=value2 c=value3 d=value4", Text(tree.Read(4)));
        tree.CompactRange(KeyRange.Everything);
        Assert.Equal("L6: a#0", tree.DumpAll());
    }

    [Fact]
    public void A_surviving_range_tombstone_keeps_the_numbers_of_the_keys_under_it()
    {
        // b#9 must not become b#0: the tombstone [a,m)#7 stays for the sake of d, and would hide it.
        using var tree = new TestTree();
        tree.FlushText("d#1");
        tree.CompactRange(KeyRange.Everything);
        tree.FlushText("b#9 [a,m)#7");
        var plan = new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(0, tree.Version.Level(0))], 5);
        tree.Compact(plan);
        Assert.Equal("L5: b#9 [a,m)#7\nL6: d#0", tree.DumpAll());
        Assert.Equal("b=value9", Text(tree.Read(20)));
    }

    [Fact]
    public void A_user_key_is_never_split_over_two_tables()
    {
        using var tree = new TestTree(levels: new LevelSettings(4, 1 << 20, 10, TableBytes: 256));
        ulong sequence = 0;
        var entries = new List<(byte[], ulong, byte[])>();
        foreach (var key in new[] { "a", "b", "c" })
        {
            for (var version = 0; version < 100; version++)
            {
                entries.Add((Encoding.UTF8.GetBytes(key), Trailer.Pack(++sequence, EntryKind.Put), Encoding.UTF8.GetBytes($"value {sequence}")));
            }
        }

        var snapshots = Enumerable.Range(1, (int)sequence).Select(static number => (ulong)number).ToArray();
        tree.FlushEntries(entries, [], snapshots);
        tree.CompactRange(KeyRange.Everything, snapshots);
        Assert.Equal(3, tree.Version.Count(6));
        Assert.All(tree.Version.Level(6), static table => Assert.Equal(100, table.Info.EntryCount));
    }

    [Fact]
    public void Range_tombstones_are_cut_where_tables_are()
    {
        using var tree = new TestTree(levels: new LevelSettings(4, 1 << 20, 10, TableBytes: 600));
        var entries = Enumerable.Range(0, 60)
            .Select(static i => (Encoding.UTF8.GetBytes($"k{i:00}"), Trailer.Pack((ulong)i + 1, EntryKind.Put), Encoding.UTF8.GetBytes(new string('v', 30))))
            .ToArray();
        tree.FlushEntries(entries, [new RangeTombstone("a"u8.ToArray(), "k10"u8.ToArray(), 100), new RangeTombstone("k05"u8.ToArray(), "z"u8.ToArray(), 200)], 90, 150);
        tree.CompactRange(KeyRange.Everything, 90, 150);
        var tables = tree.Version.Level(6);
        Assert.True(tables.Length > 3, $"{tables.Length} tables");
        Assert.Equal("a"u8.ToArray(), tables[0].Info.SmallestKey);
        Assert.Equal("z"u8.ToArray(), tables[^1].Info.LargestKey);
        Assert.True(tables[^1].Info.LargestIsExclusive);
        foreach (var table in tables)
        {
            var range = table.Info.Range;
            Assert.NotEqual(0, table.Info.RangeTombstoneCount);
            Assert.All(table.RangeTombstones.Fragments(), tombstone => Assert.True(range.Covers(new KeyRange(tombstone.Start, tombstone.End, true)), table.Info.ToString()));
        }

        for (var i = 1; i < tables.Length; i++)
        {
            // Together they cover what the whole did: where one ends the next begins.
            Assert.Equal(tables[i - 1].Info.LargestKey, tables[i].Info.SmallestKey);
            Assert.True(tables[i - 1].Info.LargestIsExclusive);
        }

        Assert.Equal(60, tree.Read(90).Count);
        Assert.Equal(50, tree.Read(150).Count);
        Assert.Empty(tree.Read(200));
    }

    [Fact]
    public void A_table_ends_where_it_would_lie_over_too_much_of_the_next_level()
    {
        using var tree = new TestTree(levels: new LevelSettings(4, 1 << 20, 10, TableBytes: 400));
        for (var i = 0; i < 40; i++)
        {
            tree.FlushEntries([(Encoding.UTF8.GetBytes($"k{i:00}"), Trailer.Pack((ulong)i + 1, EntryKind.Put), new byte[300])], []);
            tree.Compact(new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(0, tree.Version.Level(0))], 6));
        }

        Assert.Equal(40, tree.Version.Count(6));
        // Two entries far apart and a range tombstone between them: small, but over all forty tables, of which ten make too much.
        tree.FlushText("k00#101 k39#102 [k05,k35)#103", 100);
        tree.Compact(new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(0, tree.Version.Level(0))], 5), 100);
        tree.Version.Validate();
        var limit = tree.Levels.MaxGrandparentOverlapBytes;
        Assert.True(tree.Version.Count(5) > 3, tree.DumpLevel(5));
        Assert.All(tree.Version.Level(5), table =>
            Assert.True(tree.Version.Overlapping(6, table.Info.Range).Sum(static below => below.Info.FileBytes) <= limit, table.Info.ToString()));
        Assert.Equal(10, tree.Read(103).Count);
    }

    [Fact]
    public void A_move_writes_no_table_and_keeps_the_open_one()
    {
        using var tree = new TestTree();
        tree.FlushText("a#1 b#2");
        var table = tree.Version.Level(0)[0];
        var opened = table.Open();
        var result = tree.Compact(new CompactionPlan(CompactionKind.Move, CompactionReason.Level0, [new CompactionInput(0, [table])], 6));
        Assert.Equal((0L, 0L), (result.BytesRead, result.BytesWritten));
        Assert.Same(table, tree.Version.Level(6)[0]);
        Assert.Same(opened, tree.Version.Level(6)[0].Open());
    }

    [Fact]
    public void Dropping_covered_tables_only_removes_them()
    {
        using var tree = new TestTree();
        tree.FlushText("b#1 c#2");
        tree.CompactRange(KeyRange.Everything);
        tree.FlushText("[a,z)#9 x#10");
        var plan = tree.Pick();
        Assert.Equal(CompactionKind.DropCovered, plan!.Kind);
        tree.Compact(plan);
        Assert.Equal("L0: x#10 [a,z)#9", tree.DumpAll());
    }

    [Fact]
    public void A_cancelled_job_leaves_no_file()
    {
        using var tree = new TestTree();
        for (var round = 0; round < 4; round++)
        {
            var first = (ulong)round * 1000 + 1;
            tree.FlushEntries(Enumerable.Range(0, 1000).Select(i => (Encoding.UTF8.GetBytes($"key{i:0000}"), Trailer.Pack(first + (ulong)i, EntryKind.Put), new byte[20])), []);
        }

        var before = tree.Files.List(TestTree.Directory);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => tree.Compaction.Run(tree.Pick()!, tree.Version, [], cancellationToken: cancellation.Token));
        Assert.Equal(before, tree.Files.List(TestTree.Directory));
    }

    [Fact]
    public void An_input_that_is_not_what_the_manifest_describes_fails_the_job_and_leaves_no_file()
    {
        using var tree = new TestTree();
        tree.FlushText("a#1 b#2");
        var info = tree.Version.Level(0)[0].Info with { EntryCount = 3 };
        var other = new TableFile(tree.Files, TestTree.Directory, TestTree.StoreId, tree.Cache, info);
        var plan = new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(0, [other])], 6);
        var before = tree.Files.List(TestTree.Directory);
        var error = Assert.Throws<CorruptionException>(() => tree.Compaction.Run(plan, tree.Version, []));
        Assert.Contains("with 2 entries", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, tree.Files.List(TestTree.Directory));
    }

    [Fact]
    public void A_walk_that_meets_fewer_entries_than_there_are_fails_and_leaves_no_file()
    {
        using var tree = new TestTree();
        var before = tree.Files.List(TestTree.Directory);
        var destination = new TableDestination(tree.Files, TestTree.Directory, TestTree.StoreId, tree.Versions.Numbers.Next, new());
        var rule = new ObsoleteEntries([], RangeTombstoneList.Empty, OlderData.Unknown, SequenceZeroing.Never);
        using (var output = TableOutput.OneTable(destination, RangeTombstoneList.Empty))
        {
            using var entries = new EntryListCursor([("a"u8.ToArray(), Trailer.Pack(3, EntryKind.Put), [])]);
            var error = Assert.Throws<CorruptionException>(() => MergePass.Run(entries, (2, "000007.sst"), rule, output, null, CancellationToken.None));
            Assert.Equal("000007.sst", error.File);
            Assert.NotEqual(before, tree.Files.List(TestTree.Directory));
        }

        Assert.Equal(before, tree.Files.List(TestTree.Directory));
    }

    private static string Text(SortedDictionary<string, string> entries) =>
        string.Join(' ', entries.Select(static entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={entry.Value}")));
}
