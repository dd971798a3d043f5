using System.Numerics;

namespace LsmTree.Data.Values;

/// <summary>Order and hash of numbers by exact value, whatever their types: 1 = 1.0 = 1e0, and DECIMAL 0.1 differs from DOUBLE 0.1, whose value is a little more.</summary>
/// <remarks>NaN is equal to itself and above every other number, as in PostgreSQL.</remarks>
internal static class NumberOrder
{
    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    // A decimal as a double is off by less than this part of it, so operands that differ by more need no exact arithmetic.
    private const double DoubtfulPart = 1e-12;

    public static int Compare(in SqlValue left, in SqlValue right) => (FormOf(left.Type), FormOf(right.Type)) switch
    {
        (Form.Signed, Form.Signed) => left.AsInt64().CompareTo(right.AsInt64()),
        (Form.Signed, Form.Unsigned) => left.AsInt64() < 0 ? -1 : left.AsUInt64().CompareTo(right.AsUInt64()),
        (Form.Unsigned, Form.Signed) => right.AsInt64() < 0 ? 1 : left.AsUInt64().CompareTo(right.AsUInt64()),
        (Form.Unsigned, Form.Unsigned) => left.AsUInt64().CompareTo(right.AsUInt64()),
        (Form.Floating, Form.Floating) => CompareDoubles(left.AsDouble(), right.AsDouble()),
        (Form.Signed, Form.Floating) => CompareToDouble(left.AsInt64(), right.AsDouble()),
        (Form.Floating, Form.Signed) => -CompareToDouble(right.AsInt64(), left.AsDouble()),
        (Form.Unsigned, Form.Floating) => CompareToDouble(left.AsUInt64(), right.AsDouble()),
        (Form.Floating, Form.Unsigned) => -CompareToDouble(right.AsUInt64(), left.AsDouble()),
        (Form.Decimal, Form.Floating) => CompareToDouble(left.AsDecimal(), right.AsDouble()),
        (Form.Floating, Form.Decimal) => -CompareToDouble(right.AsDecimal(), left.AsDouble()),
        _ => ToDecimal(left).CompareTo(ToDecimal(right)),
    };

    /// <summary>Equal for numbers of equal value, whatever their types.</summary>
    public static int HashOf(in SqlValue number) => FormOf(number.Type) switch
    {
        Form.Signed => number.AsInt64().GetHashCode(),
        Form.Unsigned => HashOf(number.AsUInt64()),
        Form.Floating => HashOf(number.AsDouble()),
        _ => HashOf(number.AsDecimal()),
    };

    /// <summary>The decimal of an integer, DECIMAL or MONEY; exact.</summary>
    public static decimal ToDecimal(in SqlValue number) => FormOf(number.Type) switch
    {
        Form.Signed => number.AsInt64(),
        Form.Unsigned => number.AsUInt64(),
        _ => number.AsDecimal(),
    };

    private static int CompareDoubles(double left, double right)
    {
        if (left < right)
        {
            return -1;
        }

        if (left > right)
        {
            return 1;
        }

        return left == right ? 0 : double.IsNaN(left).CompareTo(double.IsNaN(right));
    }

    private static int CompareToDouble(long left, double right)
    {
        if (double.IsNaN(right) || right >= TwoTo63)
        {
            return -1;
        }

        if (right < -TwoTo63)
        {
            return 1;
        }

        var whole = (long)right;
        return left != whole ? left.CompareTo(whole) : 0.0.CompareTo(right - whole);
    }

    private static int CompareToDouble(ulong left, double right)
    {
        if (double.IsNaN(right) || right >= TwoTo64)
        {
            return -1;
        }

        if (right < 0)
        {
            return 1;
        }

        var whole = (ulong)right;
        return left != whole ? left.CompareTo(whole) : 0.0.CompareTo(right - Math.Truncate(right));
    }

    private static int CompareToDouble(decimal left, double right)
    {
        if (double.IsNaN(right))
        {
            return -1;
        }

        var near = (double)left;
        if (double.IsInfinity(right) || Math.Abs(near - right) > Math.Abs(near) * DoubtfulPart)
        {
            return near.CompareTo(right);
        }

        // left = coefficient / 10^scale, right = mantissa * 2^exponent; both sides are multiplied up to whole numbers.
        var (coefficient, scale) = Split(left);
        var (mantissa, exponent) = Split(right);
        var leftWhole = coefficient;
        var rightWhole = mantissa * BigInteger.Pow(10, scale);
        return exponent < 0
            ? (leftWhole << -exponent).CompareTo(rightWhole)
            : leftWhole.CompareTo(rightWhole << exponent);
    }

    private static int HashOf(ulong number) => number <= long.MaxValue ? ((long)number).GetHashCode() : ((double)number).GetHashCode();

    private static int HashOf(double number)
    {
        if (number == Math.Truncate(number) && number is >= -TwoTo63 and < TwoTo63)
        {
            return ((long)number).GetHashCode();
        }

        return number.GetHashCode();
    }

    private static int HashOf(decimal number)
    {
        if (number == decimal.Truncate(number))
        {
            return number switch
            {
                >= long.MinValue and <= long.MaxValue => ((long)number).GetHashCode(),
                > 0 and <= ulong.MaxValue => HashOf((ulong)number),
                _ => ((double)decimal.Truncate(number)).GetHashCode(),
            };
        }

        // A fraction equals a double only when it is mantissa / 2^scale, that is when 5^scale divides its coefficient, and when no more than 53 bits of
        // the mantissa are left without the zeros behind them, of which there may be any number: 0.5 = 0.50.
        var (coefficient, scale) = Split(number);
        var mantissa = BigInteger.DivRem(coefficient, BigInteger.Pow(5, scale), out var remainder);
        if (!remainder.IsZero)
        {
            return number.GetHashCode(); // the same for 0.1 and 0.10
        }

        while (mantissa.IsEven)
        {
            mantissa >>= 1;
            scale--;
        }

        return BigInteger.Abs(mantissa) < 1L << 53 ? Math.ScaleB((double)mantissa, -scale).GetHashCode() : number.GetHashCode();
    }

    private static (BigInteger Coefficient, int Scale) Split(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var coefficient = ((BigInteger)(uint)bits[2] << 64) | ((ulong)(uint)bits[1] << 32 | (uint)bits[0]);
        return (bits[3] < 0 ? -coefficient : coefficient, (bits[3] >> 16) & 0xFF);
    }

    private static (long Mantissa, int Exponent) Split(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & ((1L << 52) - 1);
        if (exponent == 0)
        {
            exponent = 1;
        }
        else
        {
            mantissa |= 1L << 52;
        }

        return (bits < 0 ? -mantissa : mantissa, exponent - 1075);
    }

    private static Form FormOf(SqlType type) => type switch
    {
        SqlType.UInt64 => Form.Unsigned,
        SqlType.Real or SqlType.Double => Form.Floating,
        SqlType.Decimal or SqlType.Money => Form.Decimal,
        _ => Form.Signed,
    };

    private enum Form
    {
        Signed,
        Unsigned,
        Floating,
        Decimal,
    }
}
