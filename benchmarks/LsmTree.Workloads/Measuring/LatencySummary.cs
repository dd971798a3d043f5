namespace LsmTree.Workloads.Measuring;

/// <summary>How long operations took, in microseconds.</summary>
/// <param name="Samples">Operations that were timed.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P95">95 per cent did not take longer.</param>
/// <param name="P99">99 per cent did not take longer.</param>
/// <param name="P999">99.9 per cent did not take longer.</param>
/// <param name="Max">The longest of those timed.</param>
internal sealed record LatencySummary(long Samples, double Mean, double P50, double P95, double P99, double P999, double Max)
{
    private const double NanosecondsPerMicrosecond = 1_000;

    public static LatencySummary Of(LatencyHistogram histogram) => new(
        histogram.Count,
        Math.Round(histogram.Mean / NanosecondsPerMicrosecond, 3),
        histogram.Percentile(50) / NanosecondsPerMicrosecond,
        histogram.Percentile(95) / NanosecondsPerMicrosecond,
        histogram.Percentile(99) / NanosecondsPerMicrosecond,
        histogram.Percentile(99.9) / NanosecondsPerMicrosecond,
        histogram.Maximum / NanosecondsPerMicrosecond);
}
