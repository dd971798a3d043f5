using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LsmTree.Storage.Bytes;

/// <summary>Unsigned LEB128: seven bits a byte, least significant first, the high bit says that another byte follows.</summary>
/// <example>300 is AC 02: 0101100 with the high bit set, then 0000010.</example>
internal static class Varint
{
    public const int MaxLength32 = 5;
    public const int MaxLength64 = 10;

    public static int Length(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Writes <paramref name="value"/> at the start of <paramref name="destination"/>; returns the bytes written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, ulong value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            destination[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[i++] = (byte)value;
        return i;
    }

    /// <summary>Reads one value from the start of <paramref name="source"/>; returns the bytes read, or 0 when they are not a varint of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TryRead32(ReadOnlySpan<byte> source, out uint value)
    {
        if (source.Length > 0 && MemoryMarshal.GetReference(source) is < 0x80 and var single)
        {
            value = single;
            return 1;
        }

        var length = TryReadSlow(source, MaxLength32, out var wide);
        value = (uint)wide;
        return wide > uint.MaxValue ? 0 : length;
    }

    /// <summary>Reads one value from the start of <paramref name="source"/>; returns the bytes read, or 0 when they are not a varint of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TryRead64(ReadOnlySpan<byte> source, out ulong value)
    {
        if (source.Length > 0 && MemoryMarshal.GetReference(source) is < 0x80 and var single)
        {
            value = single;
            return 1;
        }

        return TryReadSlow(source, MaxLength64, out value);
    }

    private static int TryReadSlow(ReadOnlySpan<byte> source, int maxLength, out ulong value)
    {
        value = 0;
        var limit = Math.Min(source.Length, maxLength);
        for (var i = 0; i < limit; i++)
        {
            var b = source[i];
            // The tenth byte of 64 bits holds one bit; more would be lost without a word.
            if (i == MaxLength64 - 1 && b > 1)
            {
                return 0;
            }

            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
