namespace LsmTree.Workloads.Numbers;

/// <summary>A random sequence from a seed: Steele, Lea and Flood's SplitMix64. About a nanosecond a number, so that drawing a key does not show in a figure.</summary>
internal sealed class SplitMix64(ulong seed)
{
    private const ulong GoldenGamma = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = seed;

    /// <summary>Spreads the bits of a number over all 64, one to one.</summary>
    public static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58_476D_1CE4_E5B9;
        number = (number ^ (number >> 27)) * 0x94D0_49BB_1331_11EB;
        return number ^ (number >> 31);
    }

    public ulong Next() => Mix(_state += GoldenGamma);

    /// <summary>A number in [0, <paramref name="limit"/>). The bias of the multiplication is below 2⁻³⁰ for any count of keys that fits a disk.</summary>
    public long NextBelow(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>A number in [0, 1).</summary>
    public double NextFraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
