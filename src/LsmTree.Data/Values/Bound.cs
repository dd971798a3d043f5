using System.Diagnostics;
using System.Text.Unicode;

namespace LsmTree.Data.Values;

/// <summary>Brings the bound of a comparison into the type of a key column, so that a range of keys is a range of bytes.</summary>
/// <remarks>
/// <para>With F the floor of a bound b in the column's type, and for Between "F is less than b, and nothing of the type lies in between":</para>
/// <code>
///            Exact      Between    BelowAll
/// column = b = F        nothing    nothing
/// column &lt; b &lt; F        &lt;= F       nothing
/// column &lt;= b &lt;= F       &lt;= F       nothing
/// column &gt; b &gt; F        &gt; F        everything
/// column &gt;= b &gt;= F       &gt; F        everything
/// </code>
/// <para>So <c>smallint_key &lt; 100000</c> becomes <c>&lt;= 32767</c>, <c>int_key = 3.5</c> finds nothing without a read, and a DATE key compares with
/// noon of a day. Above all values of a type, the floor is its greatest value.</para>
/// </remarks>
internal static class Bound
{
    /// <summary>The greatest value of the column's type that is not greater than the bound.</summary>
    /// <param name="bound">Not NULL, and comparable with the column.</param>
    /// <param name="columnType">The type of the key column; ANY takes the bound as it is.</param>
    /// <param name="floor">The floor; NULL for <see cref="BoundFit.BelowAll"/>.</param>
    /// <exception cref="LsmException">DatatypeMismatch: the bound does not compare with the type.</exception>
    public static BoundFit Floor(in SqlValue bound, SqlType columnType, out SqlValue floor)
    {
        Debug.Assert(!bound.IsNull, "A NULL bound is no rows; the planner has decided that before.");
        if (!Comparison.AreComparable(bound.Type, columnType))
        {
            throw new LsmException(LsmErrorCode.DatatypeMismatch, $"{SqlTypes.NameOf(columnType)} does not compare with {SqlTypes.NameOf(bound.Type)}");
        }

        if (SqlTypes.IsFloating(bound.Type) && double.IsNaN(bound.AsDouble()))
        {
            // NaN is above every number, and never a key.
            floor = columnType == SqlType.Any ? SqlValue.FromDouble(double.PositiveInfinity) : RangeOf(columnType).Greatest;
            return BoundFit.Between;
        }

        if (bound.Type == columnType || columnType == SqlType.Any)
        {
            floor = bound;
            return BoundFit.Exact;
        }

        return SqlTypes.ClassOf(columnType) switch
        {
            TypeClass.Number => FloorNumber(bound, columnType, out floor),
            TypeClass.Moment => FloorMoment(bound, columnType, out floor),
            _ => FloorBytes(bound, columnType, out floor),
        };
    }

    private static BoundFit FloorNumber(in SqlValue bound, SqlType columnType, out SqlValue floor)
    {
        var (least, greatest) = RangeOf(columnType);
        if (NumberOrder.Compare(bound, least) < 0)
        {
            floor = default;
            return BoundFit.BelowAll;
        }

        floor = NumberOrder.Compare(bound, greatest) >= 0 ? greatest : Nearest(bound, columnType);
        var difference = NumberOrder.Compare(floor, bound);
        if (difference > 0)
        {
            floor = Below(floor);
            Debug.Assert(NumberOrder.Compare(floor, bound) < 0, "One step below a nearest value that is too great is below the bound.");
        }

        return difference == 0 ? BoundFit.Exact : BoundFit.Between;
    }

    /// <summary>A value of the column's type next to the bound, which lies between the type's least and greatest: the floor, or the one above.</summary>
    private static SqlValue Nearest(in SqlValue bound, SqlType columnType)
    {
        switch (columnType)
        {
            case SqlType.Double:
                return SqlValue.FromDouble(NumberConversion.ToDouble(bound));
            case SqlType.Real:
                return SqlValue.FromReal((float)NumberConversion.ToDouble(bound));
            case SqlType.Decimal or SqlType.Money when SqlTypes.IsFloating(bound.Type):
                return DecimalFloor(bound.AsDouble(), columnType);
            case SqlType.Decimal:
                return SqlValue.FromDecimal(NumberOrder.ToDecimal(bound));
            case SqlType.Money:
                return SqlValue.FromMoney(FloorToFourDecimals(NumberOrder.ToDecimal(bound)));
            case SqlType.UInt64 when SqlTypes.IsFloating(bound.Type):
                return SqlValue.FromInteger(SqlType.UInt64, (long)(ulong)Math.Floor(bound.AsDouble()));
            case SqlType.UInt64 when SqlTypes.IsDecimal(bound.Type):
                return SqlValue.FromInteger(SqlType.UInt64, (long)(ulong)Math.Floor(bound.AsDecimal()));
            default:
                return SqlValue.FromInteger(columnType, SqlTypes.IsFloating(bound.Type) ? (long)Math.Floor(bound.AsDouble())
                    : SqlTypes.IsDecimal(bound.Type) ? (long)Math.Floor(bound.AsDecimal())
                    : bound.AsInt64());
        }
    }

    /// <summary>
    /// A double has more digits than a decimal can hold, so its floor takes the digits that fit and then steps down when they say too much.
    /// <c>new decimal(double)</c> would not do: it rounds to 15 digits.
    /// </summary>
    private static SqlValue DecimalFloor(double bound, SqlType columnType)
    {
        var digits = decimal.Parse(bound.ToString("F40", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
        return columnType == SqlType.Money ? SqlValue.FromMoney(FloorToFourDecimals(digits)) : SqlValue.FromDecimal(digits);
    }

    private static decimal FloorToFourDecimals(decimal number)
    {
        var rounded = Math.Round(number, 4, MidpointRounding.ToNegativeInfinity);
        return NumberConversion.MoneyFromUnits(NumberConversion.UnitsOfMoney(rounded));
    }

    /// <summary>The next lesser value of the type.</summary>
    private static SqlValue Below(in SqlValue value)
    {
        switch (value.Type)
        {
            case SqlType.Double:
                return SqlValue.FromDouble(Math.BitDecrement(value.AsDouble()));
            case SqlType.Real:
                return SqlValue.FromReal(MathF.BitDecrement(value.AsReal()));
            case SqlType.Decimal:
                return SqlValue.FromDecimal(value.AsDecimal() - LastDigitOf(value.AsDecimal()));
            case SqlType.Money:
                return SqlValue.FromMoney(NumberConversion.MoneyFromUnits(NumberConversion.UnitsOfMoney(value.AsDecimal()) - 1));
            default:
                throw new UnreachableException("Integers are floored, never rounded up.");
        }
    }

    private static decimal LastDigitOf(decimal number) => new(1, 0, 0, false, number.Scale);

    private static (SqlValue Least, SqlValue Greatest) RangeOf(SqlType type)
    {
        switch (type)
        {
            case SqlType.UInt64:
                return (SqlValue.FromInteger(type, 0), SqlValue.FromInteger(type, -1));
            case SqlType.Real:
                return (SqlValue.FromReal(float.NegativeInfinity), SqlValue.FromReal(float.PositiveInfinity));
            case SqlType.Double:
                return (SqlValue.FromDouble(double.NegativeInfinity), SqlValue.FromDouble(double.PositiveInfinity));
            case SqlType.Decimal:
                return (SqlValue.FromDecimal(decimal.MinValue), SqlValue.FromDecimal(decimal.MaxValue));
            case SqlType.Money:
                return (SqlValue.FromMoney(NumberConversion.MoneyFromUnits(long.MinValue)), SqlValue.FromMoney(NumberConversion.MoneyFromUnits(long.MaxValue)));
            default:
                var (least, greatest) = NumberConversion.RangeOf(type);
                return (SqlValue.FromInteger(type, least), SqlValue.FromInteger(type, greatest));
        }
    }

    private static BoundFit FloorMoment(in SqlValue bound, SqlType columnType, out SqlValue floor)
    {
        floor = MomentConversion.Convert(bound, columnType);
        return floor.AsUtcTicks() == bound.AsUtcTicks() ? BoundFit.Exact : BoundFit.Between;
    }

    private static BoundFit FloorBytes(in SqlValue bound, SqlType columnType, out SqlValue floor)
    {
        if (columnType == SqlType.Blob)
        {
            floor = BytesConversion.ToBlob(bound);
            return BoundFit.Exact;
        }

        // Bytes that are no text still lie somewhere among the texts, and keys compare as bytes: so the bound is written as it is, and
        // equality is known to find nothing.
        floor = bound.SliceAsText();
        return Utf8.IsValid(bound.AsSpan()) ? BoundFit.Exact : BoundFit.Between;
    }
}
