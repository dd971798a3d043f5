using System.Buffers.Binary;

namespace LsmTree.Workloads.Numbers;

/// <summary>How a number becomes a key: a constant prefix, then the number in big-endian order, so that keys sort as numbers do.</summary>
/// <remarks>
/// Keys that exist are even numbers and keys that do not are the odd ones between them, so that a missing key falls inside the range of every table
/// and only a filter can tell. Key 3 of 16 bytes is <c>key_key_ 0000000000000006</c>, and the missing key beside it ends in 07.
/// </remarks>
internal sealed class KeySpace
{
    /// <summary>Bytes of the number in a key, and so the least a key can have.</summary>
    public const int LeastKeyBytes = sizeof(long);

    private readonly byte[] _prefix;

    public KeySpace(int keyBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keyBytes, LeastKeyBytes);
        KeyBytes = keyBytes;
        _prefix = new byte[keyBytes - LeastKeyBytes];
        for (var position = 0; position < _prefix.Length; position++)
        {
            _prefix[position] = "key_"u8[position % 4];
        }
    }

    public int KeyBytes { get; }

    /// <summary>A buffer for keys of this space.</summary>
    public byte[] CreateKey()
    {
        var key = new byte[KeyBytes];
        _prefix.CopyTo(key, 0);
        return key;
    }

    /// <summary>Makes <paramref name="key"/>, which came from <see cref="CreateKey"/>, the key of that number.</summary>
    public void Write(byte[] key, long number) => BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(_prefix.Length), number * 2);

    /// <summary>Makes <paramref name="key"/> a key that sorts right after that number's and is never written.</summary>
    public void WriteMissing(byte[] key, long number) => BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(_prefix.Length), (number * 2) + 1);
}
