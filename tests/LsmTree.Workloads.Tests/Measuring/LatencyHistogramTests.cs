using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    private const double Precision = 1.0 / 128;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_percentile_is_the_sorted_samples_one_to_within_a_bucket(int seed)
    {
        var random = new SplitMix64((ulong)seed);
        var histogram = new LatencyHistogram();
        var samples = new long[20_000];
        for (var sample = 0; sample < samples.Length; sample++)
        {
            samples[sample] = (long)Math.Pow(10, random.NextFraction() * 10); // 1 ns to 10 s, each decade alike.
            histogram.Record(samples[sample]);
        }

        Array.Sort(samples);
        foreach (var percent in new[] { 0, 1, 25, 50, 90, 95, 99, 99.9, 99.99, 100 })
        {
            var exact = samples[Math.Max(0, (int)Math.Ceiling(percent / 100 * samples.Length) - 1)];
            Assert.InRange(histogram.Percentile(percent), exact, exact * (1 + Precision));
        }

        Assert.Equal(samples[^1], histogram.Maximum);
        Assert.Equal(samples.Length, histogram.Count);
        Assert.Equal(samples.Average(), histogram.Mean, 3);
    }

    [Fact]
    public void Durations_below_256_nanoseconds_are_told_exactly()
    {
        for (var duration = 0L; duration < 256; duration++)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(duration);
            histogram.Record(1_000_000);

            Assert.Equal(duration, histogram.Percentile(50));
        }
    }

    [Theory]
    [InlineData(255, 255)]
    [InlineData(256, 257)]
    [InlineData(1_000, 1_003)]
    [InlineData(1_003, 1_003)]
    [InlineData(1_004, 1_007)]
    [InlineData(1_000_000, 1_003_519)]
    public void A_bucket_ends_where_the_page_says(long duration, long last)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(duration);
        histogram.Record(long.MaxValue);

        Assert.Equal(last, histogram.Percentile(50));
    }

    [Fact]
    public void The_longest_and_the_shortest_durations_fit()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);

        Assert.Equal(0, histogram.Percentile(50));
        Assert.Equal(long.MaxValue, histogram.Percentile(100));
    }

    [Fact]
    public void Of_nothing_everything_is_zero()
    {
        var histogram = new LatencyHistogram();

        Assert.Equal(0, histogram.Percentile(99));
        Assert.Equal(0, histogram.Mean);
        Assert.Equal(0, histogram.Maximum);
    }

    [Fact]
    public void Two_histograms_added_are_one_of_all_samples()
    {
        var (odd, even, all) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var duration = 0L; duration < 10_000; duration++)
        {
            (duration % 2 == 0 ? even : odd).Record(duration);
            all.Record(duration);
        }

        odd.Add(even);

        Assert.Equal(all.Count, odd.Count);
        Assert.Equal(all.Maximum, odd.Maximum);
        Assert.Equal(all.Mean, odd.Mean);
        Assert.All([1, 50, 99, 99.9], percent => Assert.Equal(all.Percentile(percent), odd.Percentile(percent)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void There_is_no_percentile_outside_of_a_hundred(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Percentile(percent));

    [Fact]
    public void A_summary_is_in_microseconds()
    {
        var histogram = new LatencyHistogram();
        for (var microsecond = 1; microsecond <= 1_000; microsecond++)
        {
            histogram.Record(microsecond * 1_000);
        }

        var summary = LatencySummary.Of(histogram);

        Assert.Equal(1_000, summary.Samples);
        Assert.Equal(500.5, summary.Mean);
        Assert.InRange(summary.P50, 500, 500 * (1 + Precision));
        Assert.InRange(summary.P999, 999, 1_000);
        Assert.Equal(1_000, summary.Max);
    }
}
