namespace LsmTree.Workloads.Numbers;

/// <summary>Ranks in [0, count), where rank r is drawn in proportion to 1 / (r + 1)^θ: the generator of Gray et al., "Quickly generating billion-record synthetic databases", 1994.</summary>
/// <remarks>Rank 0 is the most popular. θ is YCSB's 0.99: with a million ranks, one draw in fifteen is rank 0 and half of all draws are below rank 1,000.</remarks>
internal sealed class ZipfianKeys : KeyChooser
{
    /// <summary>YCSB's constant.</summary>
    public const double DefaultTheta = 0.99;

    /// <summary>Terms of the sum that are added one by one; the rest is an integral, exact to ten digits.</summary>
    private const long SummedTerms = 1_000;

    private readonly long _count;
    private readonly SplitMix64 _random;
    private readonly double _zeta;
    private readonly double _alpha;
    private readonly double _eta;
    private readonly double _belowSecond;

    public ZipfianKeys(long count, SplitMix64 random, double theta = DefaultTheta)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _count = count;
        _random = random;
        _zeta = Zeta(count, theta);
        _alpha = 1 / (1 - theta);
        _belowSecond = 1 + Math.Pow(0.5, theta);
        _eta = count <= 2 ? 0 : (1 - Math.Pow(2.0 / count, 1 - theta)) / (1 - (Zeta(2, theta) / _zeta));
    }

    public override long Next()
    {
        var fraction = _random.NextFraction();
        var weight = fraction * _zeta;
        if (weight < 1 || _count == 1)
        {
            return 0;
        }

        if (weight < _belowSecond || _count == 2)
        {
            return 1;
        }

        return Math.Min(_count - 1, (long)(_count * Math.Pow((_eta * fraction) - _eta + 1, _alpha)));
    }

    /// <summary>The sum of 1 / i^θ for i from 1 to <paramref name="count"/>: its first terms, then Euler and Maclaurin's formula, so that 50 million ranks cost no more than a thousand.</summary>
    public static double Zeta(long count, double theta)
    {
        var summed = Math.Min(count, SummedTerms);
        var sum = 0.0;
        for (var term = 1L; term <= summed; term++)
        {
            sum += Math.Pow(term, -theta);
        }

        if (count > summed)
        {
            sum += (Math.Pow(count, 1 - theta) - Math.Pow(summed, 1 - theta)) / (1 - theta);
            sum += (Math.Pow(count, -theta) - Math.Pow(summed, -theta)) / 2;
            sum += theta * (Math.Pow(summed, -theta - 1) - Math.Pow(count, -theta - 1)) / 12;
        }

        return sum;
    }
}
