using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>A number of any type as bytes whose order is the order of the exact numeric values: the key of a DECIMAL, and of a number in an ANY column.</summary>
/// <remarks>
/// <para>The number is 0.d₁d₂…dₙ × 100^e with digits in base 100, d₁ and dₙ not zero. Every decimal, and every double, has exactly one such form: a
/// double is a fraction of a power of two, and that has a finite decimal expansion (52 digits for 0.1; at most 767).</para>
/// <code>
/// number   := negative infinity 00 | negative | zero 80 | positive | positive infinity FF
/// positive := 82..FD                 e from -62 to 61 is this byte less C0
///           | 81 byte                e from -190 to -63 is the byte less C8
///           | FE byte                e from 62 to 189 is the byte plus 3E
///             then the digits, each as 2d + 1, the last as 2d
/// negative := the bytes of the positive number of that magnitude, each complemented
/// </code>
/// <para>A digit that is followed by another is odd and so greater than the same digit at the end: 0.5 is before 0.51. The even byte ends the
/// number, so that another key column may follow.</para>
/// </remarks>
/// <example>
/// <code>
///   1    0.01 × 100^1             C1 02
///   5                             C1 0A
/// 100    0.01 × 100^2             C2 02
/// 1.5    0.01 50 × 100^1          C1 03 64
///  -5    complement of C1 0A      3E F5
/// </code>
/// </example>
internal static class NumberKey
{
    /// <summary>The most digits in base 100 of any number: 767 decimal ones, not aligned.</summary>
    public const int MaxDigits = 385;

    private const byte Zero = 0x80;
    private const byte NegativeInfinity = 0x00;
    private const byte PositiveInfinity = 0xFF;
    private const byte TinyExponent = 0x81;
    private const byte HugeExponent = 0xFE;
    private const byte NegativeTinyExponent = 0x7E;
    private const byte NegativeHugeExponent = 0x01;
    private const int ExponentBias = 0xC0;
    private const int TinyBias = 0xC8;
    private const int HugeBias = 62;
    private const int MinShortExponent = 0x82 - ExponentBias;
    private const int MaxShortExponent = 0xFD - ExponentBias;

    /// <summary>Appends a number that is not NaN.</summary>
    public static void Write(ref ByteAppender destination, in SqlValue number)
    {
        if (SqlTypes.IsFloating(number.Type) && double.IsInfinity(number.AsDouble()))
        {
            destination.Append(number.AsDouble() > 0 ? PositiveInfinity : NegativeInfinity);
            return;
        }

        Span<byte> scratch = stackalloc byte[MaxDigits + 1];
        var digits = Split(number, scratch, out var exponent, out var isNegative);
        if (digits.IsEmpty)
        {
            destination.Append(Zero);
            return;
        }

        var start = destination.Length;
        WriteExponent(ref destination, exponent);
        var bytes = destination.Extend(digits.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((digits[i] * 2) + 1);
        }

        bytes[^1]--;
        if (isNegative)
        {
            foreach (ref var part in destination.Written[start..])
            {
                part = (byte)~part;
            }
        }
    }

    /// <summary>Moves behind a number; false when there is none.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> key, ref int position)
    {
        if (position >= key.Length)
        {
            return false;
        }

        var head = key[position++];
        if (head is Zero or PositiveInfinity or NegativeInfinity)
        {
            return true;
        }

        // Only the negatives are below 80, and their last digit is odd once complemented.
        var lastBit = head < Zero ? 1 : 0;
        if (head is TinyExponent or HugeExponent or NegativeTinyExponent or NegativeHugeExponent)
        {
            position++;
        }

        while (position < key.Length)
        {
            if ((key[position++] & 1) == lastBit)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a number as a value of a type.</summary>
    /// <param name="key">The bytes.</param>
    /// <param name="position">Where the number begins; moved behind it.</param>
    /// <param name="type">The type to give; NULL to give the first that fits of INTEGER, BIGINT, DECIMAL and DOUBLE.</param>
    /// <param name="scale">The least scale of a DECIMAL: zeros are added up to it where they fit.</param>
    /// <param name="value">The number.</param>
    /// <returns>False when there is no such number, or the type cannot hold it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> key, ref int position, SqlType type, int scale, out SqlValue value)
    {
        value = default;
        var start = position;
        if (!TrySkip(key, ref position))
        {
            return false;
        }

        var source = key[start..position];
        if (source.Length == 1 && source[0] is PositiveInfinity or NegativeInfinity)
        {
            return NumberFromDigits.TryGiveInfinity(source[0] == PositiveInfinity, type, out value);
        }

        Span<byte> scratch = stackalloc byte[MaxDigits + 3];
        if (source.Length > scratch.Length)
        {
            return false;
        }

        var bytes = scratch[..source.Length];
        var isNegative = source[0] < Zero;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = isNegative ? (byte)~source[i] : source[i];
        }

        if (bytes[0] == Zero)
        {
            return !isNegative && NumberFromDigits.TryGive([], 0, false, type, scale, out value);
        }

        return TryReadExponent(bytes, out var digits, out var exponent)
            && TryReadDigits(digits)
            && NumberFromDigits.TryGive(digits, exponent, isNegative, type, scale, out value);
    }

    private static void WriteExponent(ref ByteAppender destination, int exponent)
    {
        if (exponent is >= MinShortExponent and <= MaxShortExponent)
        {
            destination.Append((byte)(exponent + ExponentBias));
        }
        else if (exponent < 0)
        {
            destination.Append(TinyExponent);
            destination.Append((byte)(exponent + TinyBias));
        }
        else
        {
            destination.Append(HugeExponent);
            destination.Append((byte)(exponent - HugeBias));
        }
    }

    private static bool TryReadExponent(Span<byte> bytes, out Span<byte> digits, out int exponent)
    {
        var isLong = bytes[0] is TinyExponent or HugeExponent;
        digits = bytes[Math.Min(bytes.Length, isLong ? 2 : 1)..];
        exponent = 0;
        if (digits.IsEmpty)
        {
            return false;
        }

        exponent = bytes[0] switch
        {
            TinyExponent => bytes[1] - TinyBias,
            HugeExponent => bytes[1] + HugeBias,
            _ => bytes[0] - ExponentBias,
        };
        return !isLong || exponent is < MinShortExponent and > -200 or > MaxShortExponent and < 200;
    }

    /// <summary>Turns 2d + 1, …, 2d into d, …, d; false when they are not the digits of one form.</summary>
    private static bool TryReadDigits(Span<byte> digits)
    {
        foreach (ref var digit in digits)
        {
            digit >>= 1;
            if (digit > 99)
            {
                return false;
            }
        }

        return digits[0] != 0 && digits[^1] != 0;
    }

    /// <summary>The digits in base 100 without zeros at either end; none for zero.</summary>
    private static ReadOnlySpan<byte> Split(in SqlValue number, Span<byte> scratch, out int exponent, out bool isNegative)
    {
        switch (number.Type)
        {
            case SqlType.Real or SqlType.Double:
                return SplitDouble(number.AsDouble(), scratch, out exponent, out isNegative);
            case SqlType.Decimal or SqlType.Money:
                return SplitDecimal(number.AsDecimal(), scratch, out exponent, out isNegative);
            case SqlType.UInt64:
                isNegative = false;
                return Divide(number.AsUInt64(), 0, scratch, out exponent);
            default:
                isNegative = number.AsInt64() < 0;
                return Divide((UInt128)Int128.Abs(number.AsInt64()), 0, scratch, out exponent);
        }
    }

    private static ReadOnlySpan<byte> SplitDecimal(decimal number, Span<byte> scratch, out int exponent, out bool isNegative)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        isNegative = parts[3] < 0;
        var coefficient = new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        var scale = (parts[3] >> 16) & 0xFF;

        // An odd number of decimals gets one more, so that the point falls between two digits in base 100.
        return Divide((scale & 1) == 0 ? coefficient : coefficient * 10, (scale + 1) / 2, scratch, out exponent);
    }

    private static ReadOnlySpan<byte> SplitDouble(double number, Span<byte> scratch, out int exponent, out bool isNegative)
    {
        Debug.Assert(double.IsFinite(number), "NaN is refused before, and infinity has a form of its own.");
        isNegative = number < 0;
        var magnitude = Math.Abs(number);
        if (magnitude < ulong.MaxValue && magnitude == Math.Truncate(magnitude))
        {
            return Divide((ulong)magnitude, 0, scratch, out exponent);
        }

        // number = mantissa * 2^power; a negative power of two is as many powers of five, and decimals.
        var bits = BitConverter.DoubleToInt64Bits(magnitude);
        var biased = (int)(bits >> 52);
        var mantissa = (bits & ((1L << 52) - 1)) | (biased == 0 ? 0 : 1L << 52);
        var power = Math.Max(biased, 1) - 1075;
        var whole = power >= 0 ? (BigInteger)mantissa << power : mantissa * BigInteger.Pow(5, -power);
        var decimals = power >= 0 ? 0 : -power;
        return DivideText((decimals & 1) == 0 ? whole : whole * 10, (decimals + 1) / 2, scratch, out exponent);
    }

    private static ReadOnlySpan<byte> Divide(UInt128 whole, int fractionDigits, Span<byte> scratch, out int exponent)
    {
        var first = scratch.Length;
        while (whole > ulong.MaxValue)
        {
            (whole, var digit) = UInt128.DivRem(whole, 100);
            scratch[--first] = (byte)digit;
        }

        for (var rest = (ulong)whole; rest != 0; rest /= 100)
        {
            scratch[--first] = (byte)(rest % 100);
        }

        exponent = scratch.Length - first - fractionDigits;
        return scratch[first..].TrimEnd((byte)0);
    }

    private static ReadOnlySpan<byte> DivideText(BigInteger whole, int fractionDigits, Span<byte> scratch, out int exponent)
    {
        Span<char> text = stackalloc char[2 * MaxDigits];
        var isFormatted = whole.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        Debug.Assert(isFormatted, "No double has more digits.");
        var first = scratch.Length;
        for (var end = length; end > 0; end -= 2)
        {
            var tens = end > 1 ? text[end - 2] - '0' : 0;
            scratch[--first] = (byte)((tens * 10) + text[end - 1] - '0');
        }

        exponent = scratch.Length - first - fractionDigits;
        return scratch[first..].TrimEnd((byte)0);
    }
}
