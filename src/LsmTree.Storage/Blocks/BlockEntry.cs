using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Blocks;

/// <summary>One decoded entry header: numbers and offsets, no bytes. Offsets count from the start of the block's contents.</summary>
internal readonly struct BlockEntry
{
    private const uint ContinuationBitsOfThree = 0x808080;
    private const ulong ContinuationBits = 0x8080808080808080;

    private BlockEntry(int shared, int suffixStart, int suffixLength, int valueLength, ulong trailer)
    {
        Shared = shared;
        SuffixStart = suffixStart;
        SuffixLength = suffixLength;
        ValueLength = valueLength;
        Trailer = trailer;
    }

    /// <summary>Bytes of the key before that this key begins with.</summary>
    public int Shared { get; }

    public int SuffixStart { get; }

    public int SuffixLength { get; }

    public int ValueLength { get; }

    public ulong Trailer { get; }

    public int KeyLength => Shared + SuffixLength;

    public int ValueStart => SuffixStart + SuffixLength;

    /// <summary>The offset of the entry behind this one.</summary>
    public int End => SuffixStart + SuffixLength + ValueLength;

    /// <summary>Decodes the entry at <paramref name="offset"/>; false when it is none.</summary>
    /// <param name="bytes"><see cref="Block.Bytes"/>.</param>
    /// <param name="offset">Below <paramref name="entriesEnd"/>.</param>
    /// <param name="entriesEnd"><see cref="Block.EntriesEnd"/>.</param>
    /// <param name="previousKeyLength">The length of the key before, 0 at a restart.</param>
    /// <param name="entry">The entry.</param>
    /// <remarks>
    /// Nearly every entry has three lengths of one byte and a trailer of at most eight: those are taken with two loads and no loop. The loads stay
    /// inside <paramref name="bytes"/> because a restart array (8 bytes at least) and a trailer (9) follow the entries.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, int entriesEnd, int previousKeyLength, out BlockEntry entry)
    {
        var lengths = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(offset, sizeof(uint)));
        var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(offset + 3, sizeof(ulong)));
        var stops = ~word & ContinuationBits;
        if ((lengths & ContinuationBitsOfThree) != 0 || stops == 0)
        {
            return TryReadLong(bytes, offset, entriesEnd, previousKeyLength, out entry);
        }

        var lastBit = BitOperations.TrailingZeroCount(stops);
        var suffixStart = offset + 3 + (lastBit >> 3) + 1;
        entry = new BlockEntry(
            (int)(lengths & 0x7F), suffixStart, (int)(lengths >> 8 & 0x7F), (int)(lengths >> 16 & 0x7F), Compact(word & ulong.MaxValue >> (63 - lastBit)));
        return entry.Shared <= previousKeyLength && entry.End <= entriesEnd;
    }

    /// <summary>Eight groups of seven bits, one a byte, pushed together pairwise: 8 × 7 → 4 × 14 → 2 × 28 → 56 bits.</summary>
    private static ulong Compact(ulong groups)
    {
        groups = (groups & 0x007F007F007F007F) | (groups & 0x7F007F007F007F00) >> 1;
        groups = (groups & 0x00003FFF00003FFF) | (groups & 0x3FFF00003FFF0000) >> 2;
        return (groups & 0x000000000FFFFFFF) | (groups & 0x0FFFFFFF00000000) >> 4;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadLong(ReadOnlySpan<byte> bytes, int offset, int entriesEnd, int previousKeyLength, out BlockEntry entry)
    {
        entry = default;
        var rest = bytes[offset..entriesEnd];
        var sharedBytes = Varint.TryRead32(rest, out var shared);
        rest = rest[sharedBytes..];
        var suffixBytes = Varint.TryRead32(rest, out var suffixLength);
        rest = rest[suffixBytes..];
        var valueBytes = Varint.TryRead32(rest, out var valueLength);
        rest = rest[valueBytes..];
        var trailerBytes = Varint.TryRead64(rest, out var trailer);
        if (sharedBytes == 0 || suffixBytes == 0 || valueBytes == 0 || trailerBytes == 0)
        {
            return false;
        }

        if (shared > (uint)previousKeyLength || suffixLength + (ulong)valueLength > (ulong)(rest.Length - trailerBytes))
        {
            return false;
        }

        var suffixStart = offset + sharedBytes + suffixBytes + valueBytes + trailerBytes;
        entry = new BlockEntry((int)shared, suffixStart, (int)suffixLength, (int)valueLength, trailer);
        return true;
    }
}
