namespace LsmTree.Data.Rows;

/// <summary>Whole numbers in as few bytes as they need: seven bits a byte, least significant first, the high bit says that another byte follows.</summary>
/// <remarks>Signed numbers are folded first (0, -1, 1, -2, … become 0, 1, 2, 3, …), so that small negative ones are short too.</remarks>
/// <example>300 is AC 02. Signed, 300 is D8 04 and -1 is 01.</example>
internal static class Varint
{
    private const int MaxLength = 10;

    public static void Write(ref ByteAppender destination, ulong value)
    {
        while (value >= 0x80)
        {
            destination.Append((byte)(value | 0x80));
            value >>= 7;
        }

        destination.Append((byte)value);
    }

    public static void WriteSigned(ref ByteAppender destination, long value) => Write(ref destination, (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Reads at a position and moves behind; false when the bytes before the end are no such number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, int end, out ulong value)
    {
        value = 0;
        for (var i = 0; i < MaxLength && position < end; i++)
        {
            var next = source[position++];
            if (i == MaxLength - 1 && next > 1)
            {
                return false;
            }

            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public static bool TryReadSigned(ReadOnlySpan<byte> source, ref int position, int end, out long value)
    {
        var isRead = TryRead(source, ref position, end, out var folded);
        value = (long)(folded >> 1) ^ -(long)(folded & 1);
        return isRead;
    }
}
