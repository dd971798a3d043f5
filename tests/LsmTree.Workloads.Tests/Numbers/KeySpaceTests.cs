using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Tests.Numbers;

public sealed class KeySpaceTests
{
    [Fact]
    public void The_keys_are_those_that_the_comment_draws()
    {
        var space = new KeySpace(16);
        var (present, missing) = (space.CreateKey(), space.CreateKey());
        space.Write(present, 3);
        space.WriteMissing(missing, 3);

        Assert.Equal([.. "key_key_"u8, 0, 0, 0, 0, 0, 0, 0, 6], present);
        Assert.Equal([.. "key_key_"u8, 0, 0, 0, 0, 0, 0, 0, 7], missing);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(64)]
    public void Keys_sort_as_their_numbers_do(int keyBytes)
    {
        var space = new KeySpace(keyBytes);
        var (low, between, high) = (space.CreateKey(), space.CreateKey(), space.CreateKey());
        foreach (var number in new[] { 0L, 127, 255, 65_535, 1L << 40 })
        {
            space.Write(low, number);
            space.WriteMissing(between, number);
            space.Write(high, number + 1);

            Assert.Equal(keyBytes, low.Length);
            Assert.True(low.AsSpan().SequenceCompareTo(between) < 0);
            Assert.True(between.AsSpan().SequenceCompareTo(high) < 0);
        }
    }

    [Fact]
    public void A_value_belongs_to_its_number_and_half_of_it_is_random()
    {
        var values = new ValuePool(1_000, seed: 5);

        Assert.Equal(values.ValueOf(77).ToArray(), new ValuePool(1_000, seed: 5).ValueOf(77).ToArray());
        Assert.NotEqual(values.ValueOf(77).ToArray(), values.ValueOf(78).ToArray());
        Assert.InRange(values.ValueOf(123_456_789).Count((byte)'x'), 480, 540);
        Assert.Equal(0, new ValuePool(0, seed: 5).ValueOf(9).Length);
    }
}
