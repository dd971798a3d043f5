using LsmTree.Storage.Bytes;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class BloomFilterTests
{
    [Theory]
    [InlineData(1, 1, 1.0)]
    [InlineData(4, 30_000, 0.20)]
    [InlineData(10, 1, 1.0)]
    [InlineData(10, 30_000, 0.015)]
    [InlineData(16, 30_000, 0.004)]
    [InlineData(32, 1000, 0.001)]
    public void No_key_that_was_added_is_denied_and_few_others_pass(int bitsPerKey, int keys, double mostFalse)
    {
        var filter = Build(bitsPerKey, Enumerable.Range(0, keys));
        for (var i = 0; i < keys; i++)
        {
            Assert.True(filter.MayContain(BloomFilter.Hash(Key(i))), $"key {i}");
        }

        var passed = Enumerable.Range(keys, 30_000).Count(i => filter.MayContain(BloomFilter.Hash(Key(i))));
        Assert.InRange(passed / 30_000.0, 0, mostFalse);
    }

    [Fact]
    public void The_probes_of_a_key_share_one_cache_line()
    {
        var lines = new byte[100 * BloomFilter.LineBytes];
        BloomFilter.Add(lines, 100, 19, BloomFilter.Hash("some key"u8));
        Assert.Single(lines.Chunk(BloomFilter.LineBytes), line => line.Any(b => b != 0));
        Assert.InRange(lines.Sum(b => int.PopCount(b)), 12, 19);
    }

    [Fact]
    public void Nothing_to_filter_makes_no_filter()
    {
        using var without = new BloomFilterBuilder(10);
        Assert.False(without.IsWorthwhile);
        using var zeroBits = new BloomFilterBuilder(0);
        zeroBits.Add("a"u8);
        Assert.False(zeroBits.IsWorthwhile);
    }

    [Fact]
    public void Sizes_that_do_not_add_up_are_refused()
    {
        var sound = new byte[BloomFilter.LineBytes + BloomFilter.FooterBytes];
        sound[^5] = 1;
        sound[^1] = 6;
        Assert.True(BloomFilter.TryRead(sound, out _));
        Assert.False(BloomFilter.TryRead([], out _));
        Assert.False(BloomFilter.TryRead(sound.AsSpan(1), out _));
        Assert.False(BloomFilter.TryRead(With(sound, ^5, 0), out _));
        Assert.False(BloomFilter.TryRead(With(sound, ^5, 2), out _));
        Assert.False(BloomFilter.TryRead(With(sound, ^2, 4), out _)); // 2^26 lines are 2^32 bytes
        Assert.False(BloomFilter.TryRead(With(sound, ^1, 0), out _));
        Assert.False(BloomFilter.TryRead(With(sound, ^1, 33), out _));
    }

    private static byte[] With(byte[] bytes, Index at, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] = value;
        return changed;
    }

    private static byte[] Key(int i) => Entry.Text($"user:{i:D12}");

    private static BloomFilter Build(int bitsPerKey, IEnumerable<int> keys)
    {
        using var builder = new BloomFilterBuilder(bitsPerKey);
        foreach (var key in keys)
        {
            builder.Add(Key(key));
        }

        Assert.True(builder.IsWorthwhile);
        using var contents = new ByteBuffer();
        var estimate = builder.EstimatedBytes;
        builder.Finish(contents);
        Assert.Equal(estimate, contents.Length);
        Assert.True(BloomFilter.TryRead(contents.Written, out var filter));
        return filter!;
    }
}
