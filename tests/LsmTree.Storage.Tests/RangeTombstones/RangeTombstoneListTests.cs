using System.Text;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tests.RangeTombstones;

public sealed class RangeTombstoneListTests
{
    [Fact]
    public void Overlapping_tombstones_are_cut_at_every_start_and_end()
    {
        var list = List(("a", "e", 9), ("c", "g", 5));
        Assert.Equal(["[a,c)#9", "[c,e)#9", "[c,e)#5", "[e,g)#5"], Show(list));
    }

    [Fact]
    public void The_newest_tombstone_within_the_limit_covers()
    {
        var list = List(("a", "e", 9), ("c", "g", 5));
        Assert.Equal(9UL, list.CoveringSequence("d"u8, 100));
        Assert.Equal(5UL, list.CoveringSequence("d"u8, 8));
        Assert.Equal(0UL, list.CoveringSequence("d"u8, 4));
        Assert.Equal(0UL, list.CoveringSequence("g"u8, 100));
        Assert.Equal(5UL, list.CoveringSequence("f"u8, 100));
    }

    [Fact]
    public void An_empty_or_inverted_range_is_ignored() => Assert.True(List(("b", "b", 3), ("c", "a", 4)).IsEmpty);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_lists_answer_as_a_linear_search_does(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var tombstones = Enumerable.Range(1, random.Next(1, 12))
                .Select(i => new RangeTombstone([(byte)random.Next(20)], [(byte)random.Next(20)], (ulong)i))
                .ToArray();
            var list = RangeTombstoneList.From(tombstones);
            for (byte key = 0; key < 21; key++)
            {
                var limit = (ulong)random.Next(14);
                var expected = tombstones.Where(t => t.Covers([key]) && t.Sequence <= limit).Select(t => t.Sequence).DefaultIfEmpty().Max();
                Assert.True(expected == list.CoveringSequence([key], limit), $"seed {seed}, round {round}, key {key}, limit {limit}");
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Visible_fragments_hide_for_every_snapshot_what_all_of_them_hide(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var list = RangeTombstoneList.From([.. Enumerable.Range(1, random.Next(1, 30))
                .Select(i => new RangeTombstone([(byte)random.Next(20)], [(byte)random.Next(20)], (ulong)i))]);
            ulong[] snapshots = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (ulong)random.Next(32)).Distinct().Order()];
            var visible = list.VisibleFragments(snapshots).ToList();
            var thinned = RangeTombstoneList.From(visible);
            for (byte key = 0; key < 21; key++)
            {
                foreach (var limit in snapshots.Append(100UL))
                {
                    Assert.True(
                        list.CoveringSequence([key], limit) == thinned.CoveringSequence([key], limit),
                        $"seed {seed}, round {round}, key {key}, limit {limit}");
                }

                Assert.InRange(visible.Count(tombstone => tombstone.Covers([key])), 0, snapshots.Length + 1);
            }
        }
    }

    [Fact]
    public void A_hundred_thousand_tombstones_over_one_another_are_cut_and_asked()
    {
        // A queue trimmed from its start: [0, 1), [0, 2), … have 5,000,000,000 fragments.
        const int Count = 100_000;
        var list = RangeTombstoneList.From([.. Enumerable.Range(1, Count).Select(static i => new RangeTombstone(Key(0), Key(i), (ulong)i))]);
        Assert.Equal(Count, list.PieceCount);
        for (var key = 0; key < Count; key += 997)
        {
            Assert.Equal((ulong)Count, list.CoveringSequence(Key(key), ulong.MaxValue));
            Assert.Equal(key < 50_000 ? 50_000UL : 0, list.CoveringSequence(Key(key), 50_000));
            Assert.Equal(0UL, list.CoveringSequence(Key(key), (ulong)key));
            Assert.Equal((ulong)key + 1, list.CoveringSequence(Key(key), (ulong)key + 1));
        }

        Assert.Equal(Count + 50_000, list.VisibleFragments([50_000]).Count());
        Assert.True(list.Overlaps(Key(0), Key(0)));
        Assert.False(list.Overlaps(Key(Count), Key(Count + 1)));
    }

    [Fact]
    public void Tombstones_that_touch_the_ends_of_a_range_overlap_it()
    {
        var list = List(("c", "e", 3), ("g", "i", 4));
        Assert.True(list.Overlaps("a"u8, "c"u8));
        Assert.False(list.Overlaps("a"u8, "b"u8));
        Assert.True(list.Overlaps("e"u8, "g"u8));
        Assert.False(list.Overlaps("e"u8, "f"u8));
        Assert.False(list.Overlaps("i"u8, "z"u8));
        Assert.False(RangeTombstoneList.Empty.Overlaps(""u8, "z"u8));
    }

    private static byte[] Key(int number) => [(byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private static RangeTombstoneList List(params (string From, string To, ulong Sequence)[] tombstones) =>
        RangeTombstoneList.From([.. tombstones.Select(t => new RangeTombstone(Encoding.ASCII.GetBytes(t.From), Encoding.ASCII.GetBytes(t.To), t.Sequence))]);

    private static List<string> Show(RangeTombstoneList list) =>
        [.. list.Fragments().Select(t => $"[{Encoding.ASCII.GetString(t.Start)},{Encoding.ASCII.GetString(t.End)})#{t.Sequence}")];
}
