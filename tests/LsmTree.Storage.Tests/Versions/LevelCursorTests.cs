using System.Globalization;
using System.Text;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tests.Compactions;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class LevelCursorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_level_walks_like_one_sorted_list(int seed)
    {
        var random = new Random(seed);
        using var tree = new TestTree(levels: new LevelSettings(4, 1 << 20, 10, TableBytes: 500));
        var entries = Entries(random);
        var snapshots = entries.Select(static entry => Trailer.Sequence(entry.Trailer)).Order().ToArray();
        // A range tombstone over a stretch without keys makes tables without entries.
        tree.FlushEntries(entries, [new RangeTombstone("k5"u8.ToArray(), "k6"u8.ToArray(), 5000)], snapshots);
        tree.Compact(new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(0, tree.Version.Level(0))], 6), snapshots);
        Assert.True(tree.Version.Count(6) > 5);
        using var model = new EntryListCursor(entries.Select(static entry => (entry.Key, Trailer: Trailer.Sequence(entry.Trailer) == 1 ? Trailer.Pack(0, EntryKind.Put) : entry.Trailer, entry.Value)));
        using var level = new LevelCursor(tree.Version.Level(6), fillCache: random.Next(2) == 0);
        for (var step = 0; step < 3000; step++)
        {
            var what = Move(model, level, random);
            var place = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, step {step}, {what}");
            Assert.True(model.IsValid == level.IsValid, place);
            if (model.IsValid)
            {
                Assert.True(model.Key.SequenceEqual(level.Key) && model.Trailer == level.Trailer && model.Value.SequenceEqual(level.Value), place);
            }
        }
    }

    [Fact]
    public void Tables_are_opened_only_when_the_walk_gets_there()
    {
        using var tree = new TestTree(levels: new LevelSettings(4, 1 << 20, 10, TableBytes: 200));
        tree.FlushEntries(Enumerable.Range(0, 50).Select(static i => (Encoding.ASCII.GetBytes($"k{i:00}"), Trailer.Pack((ulong)i + 1, EntryKind.Put), new byte[50])), []);
        tree.CompactRange(KeyRange.Everything);
        var tables = tree.Version.Level(6);
        using var cursor = new LevelCursor(tables, fillCache: false);
        Assert.All(tables, static table => Assert.False(table.IsOpen));
        cursor.Seek("k10"u8, Trailer.ForSeek(Trailer.MaxSequence));
        Assert.Equal("k10", Encoding.ASCII.GetString(cursor.Key));
        Assert.Single(tables, static table => table.IsOpen);
    }

    [Fact]
    public void Plain_blocks_are_counted_across_tables_without_losing_an_entry()
    {
        using var tree = new TestTree(levels: new LevelSettings(4, 1 << 20, 10, TableBytes: 2000));
        tree.FlushEntries(Enumerable.Range(0, 500).Select(static i => (Encoding.ASCII.GetBytes($"k{i:000}"), Trailer.Pack((ulong)i + 1, EntryKind.Put), new byte[10])), []);
        tree.CompactRange(KeyRange.Everything);
        Assert.True(tree.Version.Count(6) > 3);
        foreach (var bound in new[] { null, "k250", "k000" })
        {
            using var cursor = new LevelCursor(tree.Version.Level(6), fillCache: false);
            var upper = bound is null ? [] : Encoding.ASCII.GetBytes(bound);
            var total = 0;
            var skips = 0;
            cursor.SeekToFirst();
            while (cursor.IsValid && (bound is null || cursor.Key.SequenceCompareTo(upper) < 0))
            {
                if (cursor.TrySkipPlainBlock(upper, bound is not null, out var count))
                {
                    total += count;
                    skips++;
                }
                else
                {
                    total++;
                    cursor.Next();
                }
            }

            Assert.Equal(bound switch { null => 500, "k250" => 250, _ => 0 }, total);
            Assert.True(skips > (bound == "k000" ? -1 : 10), $"{skips} blocks skipped");
        }
    }

    [Fact]
    public void A_level_without_tables_has_no_entry()
    {
        using var cursor = new LevelCursor([], fillCache: false);
        cursor.SeekToFirst();
        Assert.False(cursor.IsValid);
        cursor.SeekToLast();
        cursor.Seek("a"u8, ulong.MaxValue);
        cursor.SeekBefore("a"u8, ulong.MaxValue);
        Assert.False(cursor.IsValid);
    }

    private static List<(byte[] Key, ulong Trailer, byte[] Value)> Entries(Random random)
    {
        var entries = new List<(byte[] Key, ulong Trailer, byte[] Value)>();
        ulong sequence = 0;
        for (var i = 0; i < 300; i++)
        {
            var digit = random.Next(8);
            var key = $"k{(digit >= 5 ? digit + 1 : digit)}{random.Next(20):00}";
            entries.Add((Encoding.ASCII.GetBytes(key), Trailer.Pack(++sequence, EntryKind.Put), Encoding.ASCII.GetBytes(new string('x', random.Next(30)))));
        }

        return entries;
    }

    private static string Move(EntryListCursor model, LevelCursor level, Random random)
    {
        var key = Encoding.ASCII.GetBytes($"k{random.Next(10)}{random.Next(22):00}");
        var trailer = Trailer.Pack((ulong)random.Next(320), (EntryKind)(random.Next(2) * 255));
        switch (random.Next(12))
        {
            case 0:
                model.SeekToFirst();
                level.SeekToFirst();
                return "first";
            case 1:
                model.SeekToLast();
                level.SeekToLast();
                return "last";
            case 2:
                model.Seek(key, trailer);
                level.Seek(key, trailer);
                return $"seek {Encoding.ASCII.GetString(key)}";
            case 3:
                model.SeekBefore(key, trailer);
                level.SeekBefore(key, trailer);
                return $"seek before {Encoding.ASCII.GetString(key)}";
            case < 8 when model.IsValid:
                model.Next();
                level.Next();
                return "next";
            default:
                if (model.IsValid)
                {
                    model.Prev();
                    level.Prev();
                }

                return "prev";
        }
    }
}
