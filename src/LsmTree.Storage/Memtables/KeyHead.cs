using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Memtables;

/// <summary>The first 16 bytes of a user key as two big-endian words, padded with zeros: what most comparisons need.</summary>
/// <remarks>
/// The first word has its sign bit flipped, so that vectors, which compare signed, order it as unsigned bytes are ordered. Equal heads may hide
/// zero bytes against the end of a key: whoever finds them equal compares the keys.
/// </remarks>
internal readonly struct KeyHead
{
    private const int Bytes = 16;

    private KeyHead(ulong high, ulong low)
    {
        High = (long)(high ^ (1UL << 63));
        Low = low;
    }

    public long High { get; }

    public ulong Low { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeyHead Of(ReadOnlySpan<byte> key)
    {
        if (key.Length >= Bytes)
        {
            return new KeyHead(BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key[8..]));
        }

        return OfShort(key);
    }

    /// <summary>The order of two entries whose heads are equal: what is left of the keys, then the newer first.</summary>
    public static int CompareBehind(ReadOnlySpan<byte> leftKey, ulong leftTrailer, ReadOnlySpan<byte> rightKey, ulong rightTrailer)
    {
        var order = leftKey.Length <= Bytes || rightKey.Length <= Bytes
            ? leftKey.Length.CompareTo(rightKey.Length)
            : leftKey[Bytes..].SequenceCompareTo(rightKey[Bytes..]);
        return order != 0 ? order : rightTrailer.CompareTo(leftTrailer);
    }

    private static KeyHead OfShort(ReadOnlySpan<byte> key)
    {
        Span<byte> padded = stackalloc byte[Bytes];
        padded.Clear();
        key.CopyTo(padded);
        return new KeyHead(BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]));
    }
}
