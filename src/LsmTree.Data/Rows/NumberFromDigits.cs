using System.Globalization;
using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>Gives the digits of a <see cref="NumberKey"/> the type they had: 0.d₁d₂…dₙ × 100^exponent as INTEGER, DECIMAL, DOUBLE …, when it can be exactly that.</summary>
internal static class NumberFromDigits
{
    private const int MaxIntegerDigits = 10; // in base 100: 2^64 has twenty decimal ones
    private const int MaxDecimalDigits = 15; // in base 100: 2^96 has twenty-nine decimal ones
    private const int MaxScale = 28;

    private static readonly UInt128 s_maxCoefficient = (UInt128.One << 96) - 1;

    public static bool TryGive(ReadOnlySpan<byte> digits, int exponent, bool isNegative, SqlType type, int scale, out SqlValue value)
    {
        switch (type)
        {
            case SqlType.Null:
                return TryGive(digits, exponent, isNegative, SqlType.Int32, 0, out value)
                    || TryGive(digits, exponent, isNegative, SqlType.Int64, 0, out value)
                    || TryGive(digits, exponent, isNegative, SqlType.Decimal, 0, out value)
                    || TryGive(digits, exponent, isNegative, SqlType.Double, 0, out value);
            case SqlType.Decimal:
                var isDecimal = TryGiveDecimal(digits, exponent, isNegative, scale, out var number);
                value = SqlValue.FromDecimal(number);
                return isDecimal;
            case SqlType.Money:
                var isMoney = TryGiveDecimal(digits, exponent, isNegative, 4, out var amount) && amount.Scale == 4
                    && amount is >= NumberConversion.MinMoney and <= NumberConversion.MaxMoney;
                value = SqlValue.FromMoney(amount);
                return isMoney;
            case SqlType.Real or SqlType.Double:
                var nearest = ToDouble(digits, exponent, isNegative);
                value = type == SqlType.Double ? SqlValue.FromDouble(nearest) : SqlValue.FromReal((float)nearest);
                return double.IsFinite(nearest) && (type == SqlType.Double || (float)nearest == nearest);
            default:
                return TryGiveInteger(digits, exponent, isNegative, type, out value);
        }
    }

    public static bool TryGiveInfinity(bool isPositive, SqlType type, out SqlValue value)
    {
        var infinity = isPositive ? double.PositiveInfinity : double.NegativeInfinity;
        value = type == SqlType.Real ? SqlValue.FromReal((float)infinity) : SqlValue.FromDouble(infinity);
        return type is SqlType.Null or SqlType.Real or SqlType.Double;
    }

    private static bool TryGiveInteger(ReadOnlySpan<byte> digits, int exponent, bool isNegative, SqlType type, out SqlValue value)
    {
        value = default;
        if (!SqlTypes.IsInteger(type) || digits.Length > exponent || exponent > MaxIntegerDigits)
        {
            // Zero has no digits and exponent 0; anything else of this shape has a fraction or is too large.
            return false;
        }

        var magnitude = Accumulate(digits, exponent);
        if (type == SqlType.UInt64)
        {
            value = SqlValue.FromInteger(type, (long)(ulong)(magnitude & ulong.MaxValue));
            return magnitude <= ulong.MaxValue && !isNegative;
        }

        var (least, greatest) = NumberConversion.RangeOf(type);
        var number = isNegative ? -(Int128)magnitude : (Int128)magnitude;
        if (number < least || number > greatest)
        {
            return false;
        }

        value = SqlValue.FromInteger(type, (long)number);
        return true;
    }

    private static bool TryGiveDecimal(ReadOnlySpan<byte> digits, int exponent, bool isNegative, int wantedScale, out decimal number)
    {
        number = 0;
        if (digits.Length > MaxDecimalDigits || exponent > MaxDecimalDigits || exponent < -MaxDecimalDigits)
        {
            return false;
        }

        var coefficient = Accumulate(digits, Math.Max(digits.Length, exponent));
        var scale = 2 * Math.Max(0, digits.Length - exponent);
        if (scale > 0 && coefficient % 10 == 0)
        {
            coefficient /= 10;
            scale--;
        }

        if (scale > MaxScale || coefficient > s_maxCoefficient)
        {
            return false;
        }

        for (; scale < wantedScale && coefficient * 10 <= s_maxCoefficient; scale++)
        {
            coefficient *= 10;
        }

        var low = (ulong)(coefficient & ulong.MaxValue);
        number = new decimal((int)(uint)low, (int)(uint)(low >> 32), (int)(uint)(coefficient >> 64), isNegative, (byte)scale);
        return true;
    }

    private static UInt128 Accumulate(ReadOnlySpan<byte> digits, int count)
    {
        UInt128 whole = 0;
        for (var i = 0; i < count; i++)
        {
            whole = (whole * 100) + (i < digits.Length ? digits[i] : 0u);
        }

        return whole;
    }

    /// <summary>The double that the digits are; the base library reads any number of them exactly.</summary>
    private static double ToDouble(ReadOnlySpan<byte> digits, int exponent, bool isNegative)
    {
        Span<char> text = stackalloc char[(2 * NumberKey.MaxDigits) + 16];
        var length = 0;
        text[length++] = isNegative ? '-' : '+';
        text[length++] = '0';
        text[length++] = '.';
        foreach (var digit in digits)
        {
            text[length++] = (char)('0' + (digit / 10));
            text[length++] = (char)('0' + (digit % 10));
        }

        text[length++] = 'e';
        return (2 * exponent).TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture)
            ? double.Parse(text[..(length + written)], NumberStyles.Float, CultureInfo.InvariantCulture)
            : double.NaN;
    }
}
