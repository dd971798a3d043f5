using System.Numerics;

namespace LsmTree.Workloads.Numbers;

/// <summary>The numbers [0, count) in a shuffled order that takes no memory: a Feistel network over the next even power of two, walked until it is back in range.</summary>
/// <remarks>
/// A network of half-blocks is one to one whatever its round function is, so every number comes up exactly once. The domain is less than four times
/// the count, so a walk takes less than four steps on average.
/// </remarks>
internal sealed class Permutation
{
    private const int Rounds = 4;

    private readonly long _count;
    private readonly int _halfBits;
    private readonly ulong _halfMask;
    private readonly ulong[] _roundKeys = new ulong[Rounds];

    public Permutation(long count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _count = count;
        var bits = Math.Max(2, BitOperations.Log2((ulong)count) + 1);
        _halfBits = (bits + 1) / 2;
        _halfMask = (1UL << _halfBits) - 1;
        var random = new SplitMix64(seed);
        for (var round = 0; round < Rounds; round++)
        {
            _roundKeys[round] = random.Next();
        }
    }

    /// <summary>The number at a place of the order; places beyond the count begin again.</summary>
    public long At(long index)
    {
        var number = (ulong)(index % _count);
        do
        {
            number = Encrypt(number);
        }
        while (number >= (ulong)_count);
        return (long)number;
    }

    private ulong Encrypt(ulong number)
    {
        var left = number >> _halfBits;
        var right = number & _halfMask;
        foreach (var key in _roundKeys)
        {
            (left, right) = (right, left ^ (SplitMix64.Mix(right ^ key) & _halfMask));
        }

        return (left << _halfBits) | right;
    }
}
