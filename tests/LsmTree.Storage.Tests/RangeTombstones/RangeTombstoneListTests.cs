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

    private static RangeTombstoneList List(params (string From, string To, ulong Sequence)[] tombstones) =>
        RangeTombstoneList.From([.. tombstones.Select(t => new RangeTombstone(Encoding.ASCII.GetBytes(t.From), Encoding.ASCII.GetBytes(t.To), t.Sequence))]);

    private static List<string> Show(RangeTombstoneList list) =>
        [.. list.Fragments().Select(t => $"[{Encoding.ASCII.GetString(t.Start)},{Encoding.ASCII.GetString(t.End)})#{t.Sequence}")];
}
