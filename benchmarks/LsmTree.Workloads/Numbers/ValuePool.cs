namespace LsmTree.Workloads.Numbers;

/// <summary>Values cut from one pool of bytes of which half are random and half are not, so that compression finds about as much as in records of a program.</summary>
internal sealed class ValuePool
{
    private const int PoolBytes = 1 << 20; // 1 MiB
    private const int Stretch = 100;
    private const int Stride = 97; // Prime: neighbours in key order begin at different places of the pattern.

    private readonly byte[] _pool;
    private readonly int _valueBytes;

    public ValuePool(int valueBytes, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(valueBytes);
        _valueBytes = valueBytes;
        _pool = new byte[PoolBytes + valueBytes];
        var random = new SplitMix64(seed);
        for (var position = 0; position < _pool.Length; position++)
        {
            _pool[position] = position % Stretch < Stretch / 2 ? (byte)'x' : (byte)random.Next();
        }
    }

    /// <summary>The value of a key's number.</summary>
    public ReadOnlySpan<byte> ValueOf(long number) => _pool.AsSpan((int)(number * Stride % PoolBytes), _valueBytes);
}
