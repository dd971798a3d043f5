using System.Numerics;
using System.Text;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class ComparisonTests
{
    [Fact]
    public void Null_compares_with_nothing_and_sorts_last()
    {
        var five = SqlValue.FromInt32(5);
        Assert.Null(Comparison.Compare(SqlValue.Null, five));
        Assert.Null(Comparison.Compare(five, SqlValue.Null));
        Assert.Null(Comparison.Compare(SqlValue.Null, SqlValue.Null));
        Assert.True(Comparison.CompareForSort(SqlValue.Null, five) > 0);
        Assert.True(Comparison.CompareForSort(five, SqlValue.Null) < 0);
        Assert.Equal(0, Comparison.CompareForSort(SqlValue.Null, SqlValue.Null));
    }

    [Fact]
    public void Different_classes_do_not_compare_and_the_message_names_both_types()
    {
        var error = Assert.Throws<LsmException>(() => Comparison.Compare(SqlValue.FromInt32(1), SqlValue.FromText("1")));
        Assert.Equal("42804", error.SqlState);
        Assert.Contains("INTEGER", error.Message, StringComparison.Ordinal);
        Assert.Contains("TEXT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_classes_of_any_are_ordered_by_class()
    {
        SqlValue[] ascending =
        [
            SqlValue.FromBoolean(true), SqlValue.FromDouble(1e300), SqlValue.FromDate(DateOnly.MinValue), SqlValue.FromTime(0),
            SqlValue.FromUuid(Guid.Empty), SqlValue.FromText(""),
        ];
        for (var i = 1; i < ascending.Length; i++)
        {
            Assert.True(Comparison.CompareAny(ascending[i - 1], ascending[i]) < 0);
            Assert.True(Comparison.CompareForSort(ascending[i], ascending[i - 1]) > 0);
        }
    }

    [Fact]
    public void Comparable_types_are_those_of_one_class_and_null_and_any()
    {
        Assert.True(Comparison.AreComparable(SqlType.UInt8, SqlType.Money));
        Assert.True(Comparison.AreComparable(SqlType.Date, SqlType.TimestampTz));
        Assert.True(Comparison.AreComparable(SqlType.Text, SqlType.Blob));
        Assert.True(Comparison.AreComparable(SqlType.Null, SqlType.Uuid));
        Assert.True(Comparison.AreComparable(SqlType.Any, SqlType.Uuid));
        Assert.False(Comparison.AreComparable(SqlType.Boolean, SqlType.Int32));
        Assert.False(Comparison.AreComparable(SqlType.Time, SqlType.Timestamp));
        Assert.False(Comparison.AreComparable(SqlType.Text, SqlType.Uuid));
    }

    [Fact]
    public void Numbers_compare_without_losing_precision()
    {
        AssertLess(SqlValue.FromDouble(9007199254740992), SqlValue.FromInt64(9007199254740993));
        AssertLess(SqlValue.FromInt64(long.MaxValue), SqlValue.FromDouble(9223372036854775808.0));
        AssertLess(SqlValue.FromInt64(long.MaxValue), SqlValue.FromInteger(SqlType.UInt64, -1));
        AssertLess(SqlValue.FromInt64(-1), SqlValue.FromInteger(SqlType.UInt64, 0));
        AssertLess(SqlValue.FromDecimal(0.1m), SqlValue.FromDouble(0.1));
        AssertLess(SqlValue.FromDouble(0.1), SqlValue.FromReal(0.1f));
        AssertLess(SqlValue.FromDecimal(decimal.MaxValue), SqlValue.FromDouble(7.9228162514264338e28));
        AssertLess(SqlValue.FromDouble(-1e300), SqlValue.FromDecimal(decimal.MinValue));
        AssertLess(SqlValue.FromDouble(double.PositiveInfinity), SqlValue.FromDouble(double.NaN));
        Assert.Equal(0, Comparison.Compare(SqlValue.FromDouble(double.NaN), SqlValue.FromDouble(double.NaN)));
        Assert.Equal(0, Comparison.Compare(SqlValue.FromDouble(-0.0), SqlValue.FromInt32(0)));
        Assert.Equal(0, Comparison.Compare(SqlValue.FromDecimal(1.00m), SqlValue.FromInt32(1)));
        Assert.Equal(0, Comparison.Compare(SqlValue.FromDecimal(0.500m), SqlValue.FromReal(0.5f)));
        Assert.Equal(0, Comparison.Compare(SqlValue.FromMoney(2.5m), SqlValue.FromDouble(2.5)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Numbers_of_any_types_compare_as_exact_fractions(int seed)
    {
        SqlType[] types = [.. RandomValues.AllTypes.Where(SqlTypes.IsNumeric)];
        var random = new RandomValues(seed);
        for (var i = 0; i < 4000; i++)
        {
            var left = random.Next(types[random.Next(types.Length)]);
            var right = random.Next(types[random.Next(types.Length)]);
            var expected = Exact(left).CompareTo(Exact(right));
            AssertAgrees(expected, left, right, seed);
        }
    }

    [Fact]
    public void Equal_numbers_have_equal_hashes_whatever_their_types()
    {
        SqlValue[][] groups =
        [
            [SqlValue.FromInt32(5), SqlValue.FromInt64(5), SqlValue.FromInteger(SqlType.UInt64, 5), SqlValue.FromDecimal(5.00m), SqlValue.FromMoney(5m), SqlValue.FromReal(5), SqlValue.FromDouble(5)],
            [SqlValue.FromDecimal(0.5m), SqlValue.FromDecimal(0.500m), SqlValue.FromReal(0.5f), SqlValue.FromDouble(0.5), SqlValue.FromMoney(0.5m)],
            [SqlValue.FromInt64(long.MinValue), SqlValue.FromDouble(long.MinValue), SqlValue.FromDecimal(long.MinValue)],
            [SqlValue.FromInteger(SqlType.UInt64, long.MinValue), SqlValue.FromDouble(9223372036854775808.0), SqlValue.FromDecimal(9223372036854775808m)],
            [SqlValue.FromDouble(36893488147419103232.0), SqlValue.FromDecimal(36893488147419103232m)],
            [SqlValue.FromDouble(-0.0), SqlValue.FromDouble(0), SqlValue.FromDecimal(-0.0m), SqlValue.FromInt32(0)],
            [SqlValue.FromDecimal(0.1m), SqlValue.FromDecimal(0.10m)],
        ];
        foreach (var group in groups)
        {
            Assert.All(group, value => Assert.True(SqlValueEquality.Instance.Equals(group[0], value), Show(value)));
            Assert.All(group, value => Assert.Equal(SqlValueEquality.Instance.GetHashCode(group[0]), SqlValueEquality.Instance.GetHashCode(value)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_equal_numbers_of_any_types_and_scales_have_equal_hashes(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var forms = Forms(random);
            foreach (var form in forms)
            {
                Assert.Equal(0, Comparison.Compare(forms[0], form));
                Assert.True(
                    SqlValueEquality.Instance.GetHashCode(forms[0]) == SqlValueEquality.Instance.GetHashCode(form),
                    $"seed {seed}, round {round}: {forms[0].Type} {ValueFormat.ToText(forms[0])} and {form.Type} {ValueFormat.ToText(form)} are equal and have two hashes");
            }
        }
    }

    [Fact]
    public void Text_is_in_code_point_order_not_in_utf16_order()
    {
        var halfwidth = "\uff61"; // U+FF61 is below U+1F600 as a code point, above its first surrogate as a unit
        var emoji = "\U0001F600";
        Assert.True(string.CompareOrdinal(halfwidth, emoji) > 0);
        AssertLess(SqlValue.FromText(halfwidth), SqlValue.FromText(emoji));
        AssertLess(RandomValues.Utf8(halfwidth), SqlValue.FromText(emoji));
        AssertLess(SqlValue.FromText(halfwidth), RandomValues.Utf8(emoji));
        AssertLess(RandomValues.Utf8(halfwidth), RandomValues.Utf8(emoji));
    }

    [Theory]
    [InlineData(3)]
    public void Text_and_blobs_compare_as_bytes_in_every_representation(int seed)
    {
        var random = new RandomValues(seed);
        for (var i = 0; i < 3000; i++)
        {
            var left = random.Next(random.Next(4) == 0 ? SqlType.Blob : SqlType.Text);
            var right = random.Next(random.Next(4) == 0 ? SqlType.Blob : SqlType.Text);
            var expected = BytesOf(left).AsSpan().SequenceCompareTo(BytesOf(right));
            AssertAgrees(expected, left, right, seed);
        }
    }

    [Fact]
    public void Moments_compare_as_instants_with_utc_for_a_missing_zone()
    {
        var date = SqlValue.FromDate(new DateOnly(2024, 2, 29));
        var midnight = SqlValue.FromTimestamp(new DateTime(2024, 2, 29));
        var paris = SqlValue.FromTimestampTz(new DateTimeOffset(2024, 2, 29, 1, 0, 0, TimeSpan.FromHours(1)));
        Assert.Equal(0, Comparison.Compare(date, midnight));
        Assert.Equal(0, Comparison.Compare(midnight, paris));
        Assert.True(SqlValueEquality.Instance.Equals(date, paris));
        Assert.Equal(SqlValueEquality.Instance.GetHashCode(date), SqlValueEquality.Instance.GetHashCode(paris));
        AssertLess(date, SqlValue.FromTimestamp(new DateTime(2024, 2, 29, 0, 0, 1)));
    }

    [Fact]
    public void Uuids_are_in_the_order_of_their_text()
    {
        string[] ascending = ["00000000-0000-0000-0000-000000000001", "0f000000-0000-0000-0000-000000000000", "80000000-0000-0000-0000-000000000000", "ff000000-0001-0000-0000-000000000000", "ff000000-8001-0000-0000-000000000000"];
        for (var i = 1; i < ascending.Length; i++)
        {
            AssertLess(SqlValue.FromUuid(Guid.Parse(ascending[i - 1])), SqlValue.FromUuid(Guid.Parse(ascending[i])));
        }
    }

    /// <summary>The order is as expected, and equal values have equal hashes.</summary>
    private static void AssertAgrees(int expected, in SqlValue left, in SqlValue right, int seed)
    {
        if (Math.Sign(Comparison.Compare(left, right)!.Value) != Math.Sign(expected)
            || (expected == 0 && SqlValueEquality.Instance.GetHashCode(left) != SqlValueEquality.Instance.GetHashCode(right)))
        {
            Assert.Fail($"seed {seed}: {Show(left)} and {Show(right)}, expected {expected}");
        }
    }

    private static void AssertLess(in SqlValue less, in SqlValue greater)
    {
        Assert.True(Comparison.Compare(less, greater) < 0, $"{Show(less)} < {Show(greater)}");
        Assert.True(Comparison.Compare(greater, less) > 0, $"{Show(greater)} > {Show(less)}");
    }

    private static string Show(in SqlValue value) => $"{value.Type} {ValueFormat.ToText(value)}";

    private static byte[] BytesOf(in SqlValue value) =>
        value.Type == SqlType.Blob || value.IsUtf8 ? value.AsSpan().ToArray() : Encoding.UTF8.GetBytes(value.AsString());

    /// <summary>The value times 2^1074 times 10^28, which is whole for every number; infinities are beyond all others.</summary>
    private static BigInteger Exact(in SqlValue number)
    {
        var unit = BigInteger.Pow(10, 28) << 1074;
        if (SqlTypes.IsDecimal(number.Type))
        {
            var bits = decimal.GetBits(number.AsDecimal());
            var coefficient = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
            return (bits[3] < 0 ? -coefficient : coefficient) * unit / BigInteger.Pow(10, (bits[3] >> 16) & 31);
        }

        if (!SqlTypes.IsFloating(number.Type))
        {
            return (number.Type == SqlType.UInt64 ? number.AsUInt64() : (BigInteger)number.AsInt64()) * unit;
        }

        if (double.IsInfinity(number.AsDouble()))
        {
            return (BigInteger.One << 5000) * Math.Sign(number.AsDouble());
        }

        // Powers of two divide a double exactly, until it is whole.
        var value = number.AsDouble();
        var shift = 0;
        while (value != Math.Truncate(value))
        {
            value *= 2;
            shift++;
        }

        return (BigInteger)value * unit >> shift;
    }

    /// <summary>One value as every type, and with every scale, that holds it: a random binary or decimal fraction, or a whole number.</summary>
    private static List<SqlValue> Forms(Random random)
    {
        var digits = random.NextInt64(1L << random.Next(1, 63)) * (random.Next(2) == 0 ? -1 : 1);
        var shift = random.Next(3) == 0 ? 0 : random.Next(12);
        var isBinary = random.Next(2) == 0;
        var value = (decimal)digits;
        for (var i = 0; i < shift; i++)
        {
            value /= isBinary ? 2 : 10;
        }

        var forms = new List<SqlValue>();
        for (var scaled = value; ; scaled *= 1.0m)
        {
            forms.Add(SqlValue.FromDecimal(scaled));
            if (scaled.Scale == 28 || decimal.GetBits(scaled)[2] is < 0 or > 100_000_000)
            {
                break; // one zero more has no room
            }
        }

        AddIfEqual(SqlValue.FromDouble((double)value));
        AddIfEqual(SqlValue.FromReal((float)value));
        foreach (var type in (SqlType[])[SqlType.Money, SqlType.UInt8, SqlType.Int16, SqlType.Int32, SqlType.UInt32, SqlType.Int64, SqlType.UInt64])
        {
            if (Bound.Floor(forms[0], type, out var floor) == BoundFit.Exact)
            {
                forms.Add(floor);
            }
        }

        return forms;

        void AddIfEqual(SqlValue form)
        {
            if (Comparison.Compare(forms[0], form) == 0)
            {
                forms.Add(form);
            }
        }
    }
}
