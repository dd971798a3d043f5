using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LsmTree.Data.Values;

/// <summary>From one number type to another. Nothing wraps and nothing becomes infinite: what does not fit is OutOfRange.</summary>
internal static class NumberConversion
{
    /// <summary>The greatest MONEY: 2^63 - 1 ten-thousandths.</summary>
    public const decimal MaxMoney = long.MaxValue / 10000m;

    /// <summary>The least MONEY: -2^63 ten-thousandths.</summary>
    public const decimal MinMoney = long.MinValue / 10000m;

    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    public static SqlValue Convert(in SqlValue value, SqlType target, int precision, int scale) => target switch
    {
        SqlType.Real => ToReal(value),
        SqlType.Double => SqlValue.FromDouble(ToDouble(value)),
        SqlType.Decimal => ToDecimal(value, precision, scale),
        SqlType.Money => ToMoney(value),
        SqlType.UInt64 => ToUInt64(value),
        _ => ToSigned(value, target),
    };

    public static bool IsZero(in SqlValue number) => SqlTypes.IsFloating(number.Type) ? number.AsDouble() == 0 : NumberOrder.ToDecimal(number) == 0;

    /// <summary>The nearest double of any number.</summary>
    public static double ToDouble(in SqlValue number) => number.Type switch
    {
        SqlType.Real or SqlType.Double => number.AsDouble(),
        SqlType.UInt64 => number.AsUInt64(),
        SqlType.Decimal or SqlType.Money => ToDouble(number.AsDecimal()),
        _ => number.AsInt64(),
    };

    /// <summary>The least and greatest value of an integer type of at most 64 bits with sign; UINT64 has its own arithmetic.</summary>
    public static (long Least, long Greatest) RangeOf(SqlType type) => type switch
    {
        SqlType.UInt8 => (byte.MinValue, byte.MaxValue),
        SqlType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        SqlType.Int16 => (short.MinValue, short.MaxValue),
        SqlType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        SqlType.Int32 => (int.MinValue, int.MaxValue),
        SqlType.UInt32 => (uint.MinValue, uint.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>The scale of MONEY is always four, so that equal amounts are written alike.</summary>
    public static decimal MoneyFromUnits(long tenThousandths) => new(
        unchecked((int)Magnitude(tenThousandths)),
        unchecked((int)(Magnitude(tenThousandths) >> 32)),
        0,
        tenThousandths < 0,
        4);

    /// <summary>The ten-thousandths of a MONEY, whose value has at most four decimals and is in range.</summary>
    public static long UnitsOfMoney(decimal money) => (long)(money * 10000m);

    private static ulong Magnitude(long value) => value < 0 ? 0 - unchecked((ulong)value) : (ulong)value;

    private static double ToDouble(decimal number)
    {
        // The cast of the base library may be one unit off when the coefficient has more than 53 bits; reading the digits is not.
        Span<char> digits = stackalloc char[40];
        return number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture)
            ? double.Parse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture)
            : (double)number;
    }

    private static SqlValue ToReal(in SqlValue value)
    {
        var wide = ToDouble(value);
        var narrow = (float)wide;
        return float.IsInfinity(narrow) && !double.IsInfinity(wide) ? ThrowRange(value, SqlType.Real) : SqlValue.FromReal(narrow);
    }

    private static SqlValue ToSigned(in SqlValue value, SqlType target)
    {
        var (least, greatest) = RangeOf(target);
        switch (value.Type)
        {
            case SqlType.Real or SqlType.Double:
                var rounded = Math.Round(value.AsDouble(), MidpointRounding.ToEven);
                return rounded >= least && rounded < TwoTo63 && (long)rounded <= greatest
                    ? SqlValue.FromInteger(target, (long)rounded)
                    : ThrowRange(value, target);
            case SqlType.Decimal or SqlType.Money:
                var whole = Math.Round(value.AsDecimal(), MidpointRounding.AwayFromZero);
                return whole >= least && whole <= greatest ? SqlValue.FromInteger(target, (long)whole) : ThrowRange(value, target);
            case SqlType.UInt64:
                return value.AsUInt64() <= (ulong)greatest ? SqlValue.FromInteger(target, value.AsInt64()) : ThrowRange(value, target);
            default:
                return value.AsInt64() >= least && value.AsInt64() <= greatest
                    ? SqlValue.FromInteger(target, value.AsInt64())
                    : ThrowRange(value, target);
        }
    }

    private static SqlValue ToUInt64(in SqlValue value)
    {
        switch (value.Type)
        {
            case SqlType.Real or SqlType.Double:
                var rounded = Math.Round(value.AsDouble(), MidpointRounding.ToEven);
                return rounded is >= 0 and < TwoTo64
                    ? SqlValue.FromInteger(SqlType.UInt64, (long)(ulong)rounded)
                    : ThrowRange(value, SqlType.UInt64);
            case SqlType.Decimal or SqlType.Money:
                var whole = Math.Round(value.AsDecimal(), MidpointRounding.AwayFromZero);
                return whole is >= 0 and <= ulong.MaxValue
                    ? SqlValue.FromInteger(SqlType.UInt64, (long)(ulong)whole)
                    : ThrowRange(value, SqlType.UInt64);
            default:
                return value.Type == SqlType.UInt64 || value.AsInt64() >= 0
                    ? SqlValue.FromInteger(SqlType.UInt64, value.AsInt64())
                    : ThrowRange(value, SqlType.UInt64);
        }
    }

    private static SqlValue ToDecimal(in SqlValue value, int precision, int scale)
    {
        var number = ToDecimal(value, SqlType.Decimal);
        if (precision == 0)
        {
            return SqlValue.FromDecimal(number);
        }

        if (precision > SqlTypes.MaxDecimalPrecision || scale < 0 || scale > precision)
        {
            throw new LsmException(LsmErrorCode.InvalidDefinition, $"DECIMAL({precision},{scale}) is no type: 1 ≤ precision ≤ {SqlTypes.MaxDecimalPrecision} and 0 ≤ scale ≤ precision");
        }

        number = Math.Round(number, scale, MidpointRounding.AwayFromZero);
        if (Math.Abs(number) >= PowerOfTen(precision - scale))
        {
            return ThrowRange(value, SqlTypes.NameOf(SqlType.Decimal, precision, scale, 0));
        }

        return SqlValue.FromDecimal(WithScale(number, scale));
    }

    private static SqlValue ToMoney(in SqlValue value)
    {
        var number = Math.Round(ToDecimal(value, SqlType.Money), 4, MidpointRounding.AwayFromZero);
        return number is >= MinMoney and <= MaxMoney
            ? SqlValue.FromMoney(MoneyFromUnits(UnitsOfMoney(number)))
            : ThrowRange(value, SqlType.Money);
    }

    private static decimal ToDecimal(in SqlValue value, SqlType target)
    {
        if (!SqlTypes.IsFloating(value.Type))
        {
            return NumberOrder.ToDecimal(value);
        }

        try
        {
            return value.Type == SqlType.Real ? new decimal(value.AsReal()) : new decimal(value.AsDouble());
        }
        catch (OverflowException)
        {
            return ThrowRange(value, target).AsDecimal();
        }
    }

    /// <summary>The same value with trailing zeros up to the scale, as PostgreSQL shows a NUMERIC(p, s).</summary>
    private static decimal WithScale(decimal number, int scale)
    {
        while (number.Scale < scale)
        {
            // The digits of DECIMAL(p, s) were checked, so that there is room for the zeros.
            number *= 1.0m;
        }

        return number;
    }

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10m;
        }

        return power;
    }

    private static SqlValue ThrowRange(in SqlValue value, SqlType target) => ThrowRange(value, SqlTypes.NameOf(target));

    [DoesNotReturn]
    private static SqlValue ThrowRange(in SqlValue value, string target) => throw new LsmException(
        LsmErrorCode.OutOfRange,
        $"{ValueFormat.ToText(value)} is out of range for {target}");
}
