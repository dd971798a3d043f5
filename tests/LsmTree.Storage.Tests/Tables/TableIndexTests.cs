using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class TableIndexTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "tenant-0042/orders/")]
    [InlineData(4, "12345678")]
    public void Find_agrees_with_a_walk_over_the_separators(int seed, string prefix)
    {
        var random = new Random(seed);
        var lasts = EntrySource.Draw(random, 400).Select(e => e with { Key = [.. Entry.Text(prefix), .. e.Key] }).ToList();
        var index = Build(lasts);
        for (var i = 0; i < 1500; i++)
        {
            var near = lasts[random.Next(lasts.Count)];
            byte[] key = random.Next(4) switch
            {
                0 => EntrySource.DrawKey(random),
                1 => [.. Entry.Text(prefix), .. EntrySource.DrawKey(random)],
                2 => [.. near.Key, 0],
                _ => near.Key,
            };
            var trailer = random.Next(3) == 0 ? near.Trailer + (ulong)random.Next(3) - 1 : random.Next(2) == 0 ? 0 : ulong.MaxValue;
            var expected = 0;
            while (expected < index.Count && InternalOrder.Compare(index.Separator(expected), index.SeparatorTrailer(expected), key, trailer) < 0)
            {
                expected++;
            }

            var story = $"seed {seed}, round {i}: {Convert.ToHexString(key)}";
            Assert.True(expected == index.Find(key, trailer), story);
            for (var ordinal = Math.Max(0, expected - 2); ordinal < Math.Min(index.Count, expected + 2); ordinal++)
            {
                Assert.True(index.Separator(ordinal).AsSpan().SequenceCompareTo(key) < 0 == index.IsBelow(ordinal, key), story);
            }
        }
    }

    [Fact]
    public void Separators_that_do_not_ascend_and_sizes_that_do_not_add_up_are_refused()
    {
        Assert.NotNull(Read("02 00  05 04 01 61  05 04 01 62", 28));
        Assert.NotNull(Read("02 00  05 06 07 01 61  05 04 01 61", 28)); // a, continuing at trailer 7, then the rest of a
        Assert.Null(Read("02 00  05 04 01 62  05 04 01 61", 28));
        Assert.Null(Read("02 00  05 04 01 61  05 04 01 61", 28));
        Assert.Null(Read("02 00  05 04 01 61  05 04 01 62", 27));
        Assert.Null(Read("02 00  05 04 01 61  00 04 01 62", 23)); // a block of nothing
        Assert.Null(Read("02 00  05 04 01 61  05 03 01 62", 28)); // a block without entries
        Assert.Null(Read("02 00  05 04 01 61  05 04 02 62", 28)); // cut
        Assert.Null(Read("02 00  05 04 01 61  05 04 01 62  00", 28)); // more than is announced
        Assert.Null(Read("FF FF FF FF 07 00", 0)); // 2^31 blocks
        Assert.Null(Read("00 05 61", 0)); // prefix cut
        Assert.Null(Read("", 0));
        Assert.Equal(0, Read("00 00", 0)!.Count);
    }

    private static TableIndex? Read(string hex, long dataEnd)
    {
        var contents = Blocks.BlockFormatTests.Bytes(hex);
        return TableIndex.Read(contents, dataEnd);
    }

    private static TableIndex Build(List<Entry> lasts)
    {
        using var builder = new TableIndexBuilder();
        var offset = 0L;
        for (var i = 0; i < lasts.Count; i++)
        {
            var handle = new BlockHandle(offset, 10 + i % 7);
            offset = handle.End;
            if (i == lasts.Count - 1)
            {
                builder.AddLast(handle, 1, false, lasts[i].Key);
            }
            else if (lasts[i].Key.AsSpan().SequenceEqual(lasts[i + 1].Key))
            {
                builder.AddContinuing(handle, 1, lasts[i].Key, lasts[i].Trailer);
            }
            else
            {
                builder.AddBetween(handle, 1, true, lasts[i].Key, lasts[i + 1].Key);
            }
        }

        using var contents = new ByteBuffer();
        builder.Finish(contents);
        var index = TableIndex.Read(contents.Written, offset);
        Assert.NotNull(index);
        Assert.Equal(lasts.Count, index.EntryCount);
        return index;
    }
}
