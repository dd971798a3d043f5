using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Tests.Numbers;

public sealed class ZipfianKeysTests
{
    private const int Draws = 200_000;
    private const double Theta = ZipfianKeys.DefaultTheta;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(250_000)]
    public void The_quick_sum_is_the_slow_sum(long count)
    {
        var slow = 0.0;
        for (var term = 1L; term <= count; term++)
        {
            slow += 1 / Math.Pow(term, Theta);
        }

        Assert.Equal(slow, ZipfianKeys.Zeta(count, Theta), 8);
    }

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(1_000_000, 2)]
    public void Popularity_falls_as_the_law_says(long count, int seed)
    {
        var frequencies = Frequencies(new ZipfianKeys(count, new SplitMix64((ulong)seed)), count, out var lowest, out var highest);
        var zeta = ZipfianKeys.Zeta(count, Theta);

        Assert.Equal(0, lowest);
        Assert.InRange(highest, count * 9 / 10, count - 1);
        // The first two ranks are exact; the rest of the generator is a continuous curve, true over stretches of ranks.
        Assert.Equal(1 / zeta, frequencies[0] / (double)Draws, 0.005);
        Assert.Equal(Math.Pow(2, -Theta) / zeta, frequencies[1] / (double)Draws, 0.005);
        foreach (var below in new[] { 10L, 100, count / 2 })
        {
            var share = frequencies.Where(entry => entry.Key < below).Sum(static entry => entry.Value) / (double)Draws;
            Assert.Equal(ZipfianKeys.Zeta(below, Theta) / zeta, share, 0.03);
        }
    }

    [Fact]
    public void Scrambled_ranks_are_as_popular_and_lie_apart()
    {
        const long Count = 100_000;
        var plain = Frequencies(new ZipfianKeys(Count, new SplitMix64(7)), Count, out _, out _);
        var scrambled = Frequencies(new ScrambledZipfianKeys(Count, new SplitMix64(7)), Count, out _, out _);

        var hottest = scrambled.OrderByDescending(static entry => entry.Value).Take(20).ToList();
        Assert.InRange(hottest[0].Value, plain[0], plain[0] * 1.2);
        Assert.All(hottest.Zip(hottest.Skip(1)), static pair => Assert.True(Math.Abs(pair.First.Key - pair.Second.Key) > 1, "Two of the hottest keys are neighbours."));
    }

    [Fact]
    public void The_newest_key_is_the_most_popular_of_the_latest()
    {
        const long Count = 1_000;
        var total = 5_000L;
        var frequencies = new Dictionary<long, int>();
        var keys = new LatestKeys(Count, () => total, new SplitMix64(3));
        for (var draw = 0; draw < Draws; draw++)
        {
            var key = keys.Next();
            frequencies[key] = frequencies.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(4_999, frequencies.MaxBy(static entry => entry.Value).Key);
        Assert.All(frequencies.Keys, static key => Assert.InRange(key, 4_000, 4_999));
        total = 6_000;
        Assert.InRange(keys.Next(), 5_000, 5_999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_few_keys_are_enough(long count) => Frequencies(new ZipfianKeys(count, new SplitMix64(1)), count, out _, out _);

    private static Dictionary<long, int> Frequencies(KeyChooser keys, long count, out long lowest, out long highest)
    {
        var frequencies = new Dictionary<long, int>();
        for (var draw = 0; draw < Draws; draw++)
        {
            var key = keys.Next();
            Assert.InRange(key, 0, count - 1);
            frequencies[key] = frequencies.GetValueOrDefault(key) + 1;
        }

        lowest = frequencies.Keys.Min();
        highest = frequencies.Keys.Max();
        return frequencies;
    }
}
