using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Memtables;

/// <summary>16 bytes of a user key as two big-endian words, padded with zeros: those behind what all keys of a node begin with, which is what most comparisons need.</summary>
/// <remarks>
/// The first word has its sign bit flipped, so that vectors, which compare signed, order it as unsigned bytes are ordered. Equal heads may hide
/// zero bytes against the end of a key: whoever finds them equal compares the keys.
/// </remarks>
internal readonly struct KeyHead
{
    private const int Bytes = 2 * Word;
    private const int Word = sizeof(ulong);

    private KeyHead(ulong high, ulong low)
    {
        High = (long)(high ^ (1UL << 63));
        Low = low;
    }

    public long High { get; }

    public ulong Low { get; }

    /// <param name="key">The key.</param>
    /// <param name="skip">How many of its bytes the head leaves out; the key has as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeyHead Of(ReadOnlySpan<byte> key, int skip)
    {
        var rest = key[skip..];
        return rest.Length >= Bytes
            ? new KeyHead(BinaryPrimitives.ReadUInt64BigEndian(rest), BinaryPrimitives.ReadUInt64BigEndian(rest[Word..]))
            : OfShort(rest);
    }

    /// <summary>The order of two entries whose heads are equal: what is left of the keys, then the newer first.</summary>
    public static int CompareBehind(int skip, ReadOnlySpan<byte> leftKey, ulong leftTrailer, ReadOnlySpan<byte> rightKey, ulong rightTrailer)
    {
        var end = skip + Bytes;
        var order = leftKey.Length <= end || rightKey.Length <= end
            ? leftKey.Length.CompareTo(rightKey.Length)
            : leftKey[end..].SequenceCompareTo(rightKey[end..]);
        return order != 0 ? order : rightTrailer.CompareTo(leftTrailer);
    }

    private static KeyHead OfShort(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > Word)
        {
            return new KeyHead(BinaryPrimitives.ReadUInt64BigEndian(rest), BinaryPrimitives.ReadUInt64BigEndian(rest[^Word..]) << ((Bytes - rest.Length) * 8));
        }

        if (rest.Length >= sizeof(uint))
        {
            // Both halves hold the bytes in the middle, at the same places.
            return new KeyHead(((ulong)BinaryPrimitives.ReadUInt32BigEndian(rest) << 32) | ((ulong)BinaryPrimitives.ReadUInt32BigEndian(rest[^sizeof(uint)..]) << ((Word - rest.Length) * 8)), 0);
        }

        var high = 0UL;
        for (var i = 0; i < rest.Length; i++)
        {
            high |= (ulong)rest[i] << ((Word - 1 - i) * 8);
        }

        return new KeyHead(high, 0);
    }
}
