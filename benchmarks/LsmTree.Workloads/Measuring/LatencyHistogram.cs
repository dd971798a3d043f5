using System.Numerics;

namespace LsmTree.Workloads.Measuring;

/// <summary>Counts of durations in nanoseconds, exact to less than one per cent, in 57 KiB whatever is recorded. Used by one thread at a time.</summary>
/// <remarks>
/// <para>Log-linear buckets after HdrHistogram: each power of two is cut into 128 equal parts. Durations below 256 ns have a bucket each; of 1,000 ns,
/// the bucket is [1,000, 1,004); of 1 ms, [999,424, 1,003,520).</para>
/// <para>A percentile is the largest duration that its bucket can hold, so it is never told too low; the maximum is exact.</para>
/// </remarks>
internal sealed class LatencyHistogram
{
    private const int PartBits = 7;
    private const int Parts = 1 << PartBits;
    private const int Buckets = (64 - PartBits) * Parts;

    private readonly long[] _counts = new long[Buckets];
    private long _total;

    /// <summary>Durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly; 0 when there are none.</summary>
    public long Maximum { get; private set; }

    /// <summary>The arithmetic mean; 0 when there are none.</summary>
    public double Mean => Count == 0 ? 0 : (double)_total / Count;

    /// <summary>Counts one duration. A negative one, which a clock of another processor may give, counts as zero.</summary>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        _total += nanoseconds;
        Maximum = Math.Max(Maximum, nanoseconds);
    }

    /// <summary>Adds what another histogram has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        _total += other._total;
        Maximum = Math.Max(Maximum, other.Maximum);
    }

    /// <summary>A duration that <paramref name="percent"/> per cent of the recorded ones do not exceed; 0 when there are none.</summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(Maximum, LastOf(bucket));
            }
        }

        return Maximum;
    }

    private static int BucketOf(long nanoseconds)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)nanoseconds) - PartBits);
        return (shift * Parts) + (int)(nanoseconds >> shift);
    }

    private static long LastOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / Parts) - 1);
        var part = bucket - (shift * Parts);
        return (((long)part + 1) << shift) - 1;
    }
}
