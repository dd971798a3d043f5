using System.Buffers.Binary;

namespace LsmTree.Crash.Tests.Models;

/// <summary>Values made of a number, so that the oracle keeps eight bytes for each and can still tell every wrong byte.</summary>
/// <remarks>
/// <code>
/// number 0x…2C07  →  07 2C .. .. .. .. .. ..  07 07 07 …      the number itself, then its low byte, up to the length that its kind says
/// </code>
/// The lowest three bits of a number choose the length. Numbers are never 0, which stands for "no value".
/// </remarks>
internal static class ModelValues
{
    private const long Empty = 1L << 62;
    private const long Huge = 1L << 61;

    /// <summary>A number for the next value: a serial number, sometimes marked as the empty value.</summary>
    public static long Draw(ref Dice dice, long serial) => dice.Once(50) ? serial | Empty : serial;

    public static long MakeHuge(long serial) => serial | Huge;

    public static long MakeEmpty(long serial) => serial | Empty;

    public static int LengthOf(long number) => number switch
    {
        _ when (number & Empty) != 0 => 0,
        _ when (number & Huge) != 0 => 70_000 + (int)(number & 0xFFFF),
        _ => (number & 31) switch
        {
            0 => 511,
            1 => 512,
            2 => 4_090,
            3 => 8,
            < 16 => 24,
            _ => 60 + (int)(number & 31),
        },
    };

    public static ReadOnlySpan<byte> Write(long number, Span<byte> scratch)
    {
        var value = scratch[..LengthOf(number)];
        if (value.Length > 0)
        {
            value.Fill((byte)number);
            BinaryPrimitives.WriteInt64LittleEndian(value, number);
        }

        return value;
    }

    public static bool Is(long number, ReadOnlySpan<byte> value) =>
        value.Length == LengthOf(number)
        && (value.Length == 0 || (BinaryPrimitives.ReadInt64LittleEndian(value) == number && !value[8..].ContainsAnyExcept((byte)number)));

    public static string Describe(long number) => number == 0 ? "nothing" : $"value {number:X} of {LengthOf(number)} bytes";

    public static string Describe(ReadOnlySpan<byte> value) =>
        value.Length < 8 ? $"{value.Length} bytes" : $"value {BinaryPrimitives.ReadInt64LittleEndian(value):X} of {value.Length} bytes";
}
