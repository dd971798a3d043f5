using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tests.RangeTombstones;

public sealed class GrowingTombstonesTests
{
    [Fact]
    public void Whoever_reads_between_additions_sees_all_of_them_in_few_lists()
    {
        var random = new Random(7);
        var growing = new GrowingTombstones();
        var added = new List<RangeTombstone>();
        for (ulong sequence = 1; sequence <= 300; sequence++)
        {
            var from = (byte)random.Next(100);
            var tombstone = new RangeTombstone([from], [(byte)(from + random.Next(1, 20))], sequence);
            growing.Add(tombstone);
            added.Add(tombstone);
            if (random.Next(3) == 0)
            {
                continue;
            }

            var current = growing.Current;
            Assert.InRange(current.Lists.Count, 1, 9); // log2 of 300
            var limit = (ulong)random.Next((int)sequence + 2);
            for (byte key = 0; key < 120; key += 3)
            {
                var expected = added.Where(t => t.Covers([key]) && t.Sequence <= limit).Select(static t => t.Sequence).DefaultIfEmpty().Max();
                Assert.Equal(expected, current.CoveringSequence([key], limit));
                Assert.Equal(expected, growing.ToList().CoveringSequence([key], limit));
            }
        }
    }

    [Fact]
    public void Thirty_thousand_tombstones_that_are_read_one_by_one_are_cut_only_a_few_times_each()
    {
        const int Count = 30_000;
        var growing = new GrowingTombstones();
        for (var i = 1; i <= Count; i++)
        {
            growing.Add(new RangeTombstone(Key(0), Key(i), (ulong)i));
            Assert.Equal((ulong)i, growing.Current.CoveringSequence(Key(i - 1), ulong.MaxValue));
        }

        Assert.InRange(growing.Current.Lists.Count, 1, 15);
        Assert.Equal(4_711UL, growing.Current.CoveringSequence(Key(17), 4_711));
    }

    [Fact]
    public void Renumbering_raises_every_sequence_number()
    {
        var growing = new GrowingTombstones();
        growing.Add(new RangeTombstone(Key(1), Key(5), 1));
        Assert.Equal(1UL, growing.Current.CoveringSequence(Key(2), ulong.MaxValue));
        growing.Renumber(100);
        Assert.Equal(101UL, growing.Current.CoveringSequence(Key(2), ulong.MaxValue));
        Assert.Equal(0UL, growing.Current.CoveringSequence(Key(2), 100));
        growing.Clear();
        Assert.True(growing.Current.IsEmpty);
    }

    private static byte[] Key(int number) => [(byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
