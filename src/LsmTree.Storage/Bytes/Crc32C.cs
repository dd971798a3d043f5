using System.Buffers.Binary;
using System.Numerics;

namespace LsmTree.Storage.Bytes;

/// <summary>The Castagnoli checksum (polynomial 0x1EDC6F41, reflected, inverted in and out) that guards log records and the small files.</summary>
/// <remarks>
/// A checksum is linear: the difference between the stored and the computed value depends only on which bits differ, not on the bits
/// around them. <see cref="TryFindSingleBitError"/> uses that to tell a flipped bit from a half-written record in one walk over the positions.
/// </remarks>
/// <example>The checksum of the nine ASCII digits "123456789" is 0xE3069283.</example>
internal static class Crc32C
{
    private const uint ReflectedPolynomial = 0x82F63B78;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of a followed by <paramref name="bytes"/>, where <paramref name="checksum"/> is that of a.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var state = ~checksum;
        while (bytes.Length >= 4 * sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
            bytes = bytes[32..];
        }

        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return ~state;
    }

    /// <summary>The checksum of a followed by the eight little-endian bytes of <paramref name="value"/>.</summary>
    public static uint Append(uint checksum, ulong value) => ~BitOperations.Crc32C(~checksum, value);

    /// <summary>
    /// Looks for the one bit, among the last <paramref name="length"/> bytes that were summed, whose flip explains why two checksums differ.
    /// Takes about a nanosecond a bit.
    /// </summary>
    /// <param name="difference">The exclusive or of the checksum of the right bytes and that of the wrong ones.</param>
    /// <param name="length">How many bytes to consider.</param>
    /// <param name="index">The byte that has the bit, counted from the first of those <paramref name="length"/>.</param>
    public static bool TryFindSingleBitError(uint difference, int length, out int index)
    {
        // What a flip of the last bit does to the checksum; one more zero bit behind it moves the flip one place to the front.
        var effect = ReflectedPolynomial;
        for (var bit = 0L; bit < 8L * length; bit++)
        {
            if (effect == difference)
            {
                index = length - 1 - (int)(bit / 8);
                return true;
            }

            effect = (effect >> 1) ^ (ReflectedPolynomial & (0 - (effect & 1)));
        }

        index = -1;
        return false;
    }
}
