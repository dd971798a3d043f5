using LsmTree.Data.Rows;
using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

public sealed class NumberKeyTests
{
    [Theory]
    [InlineData("-Infinity", "00")]
    [InlineData("Infinity", "FF")]
    [InlineData("0.1", "C0 15 01 01 01 01 01 01 01 0B 6F 17 1F 19 3F 33 9D 37 05 17 A3 75 45 09 6D 15 1F 7D 64")]
    [InlineData("1e300", null)]
    public void Doubles_are_their_exact_decimal_expansion(string text, string? expected)
    {
        var key = Write(ValueParser.Parse(text, SqlType.Double));
        if (expected is not null)
        {
            Assert.Equal(expected, HexText.Of(key));
        }
        else
        {
            Assert.Equal("FE 59", HexText.Of(key.AsSpan(0, 2))); // 10^300 is 0.01 × 100^151
        }
    }

    [Theory]
    [InlineData(61)]
    public void Numbers_come_back_as_the_type_they_were(int seed)
    {
        SqlType[] types = [.. RandomValues.AllTypes.Where(SqlTypes.IsNumeric)];
        var random = new RandomValues(seed);
        for (var i = 0; i < 6000; i++)
        {
            var number = random.Next(types[random.Next(types.Length)]);
            byte[] key = [.. Write(number), 0x55];
            var position = 0;
            if (!NumberKey.TryRead(key, ref position, number.Type, 0, out var back) || Comparison.Compare(number, back) != 0 || back.Type != number.Type)
            {
                Assert.Fail($"seed {seed}: {Shapes.Show([number])}");
            }

            Assert.Equal(key.Length - 1, position);
            position = 0;
            Assert.True(NumberKey.TrySkip(key, ref position));
            Assert.Equal(key.Length - 1, position);
            position = 0;
            if (!NumberKey.TryRead(key, ref position, SqlType.Null, 0, out var natural) || Comparison.Compare(number, natural) != 0)
            {
                Assert.Fail($"seed {seed}: {Shapes.Show([number, natural])}");
            }
        }
    }

    [Fact]
    public void The_smallest_and_largest_doubles_have_the_longest_forms()
    {
        foreach (var number in new[] { double.Epsilon, double.MaxValue, -double.Epsilon, double.MinValue, BitConverter.Int64BitsToDouble((1L << 52) - 1), Math.BitDecrement(1.0) })
        {
            var key = Write(SqlValue.FromDouble(number));
            Assert.InRange(key.Length, 3, NumberKey.MaxDigits + 2);
            var position = 0;
            Assert.True(NumberKey.TryRead(key, ref position, SqlType.Double, 0, out var back));
            Assert.Equal(number, back.AsDouble());
        }
    }

    [Theory]
    [InlineData("C1 03 64", "SMALLINT")] // 1.5 is no integer
    [InlineData("C2 02", "INT8", true)] // 100 is
    [InlineData("C2 07 00", "UINT8")] // a last digit of zero is not normal
    [InlineData("C1 01 02", "DOUBLE")] // nor a first one
    [InlineData("C1 C9 02", "DOUBLE")] // 100 is no digit
    [InlineData("7F", "INTEGER")] // nor is there a negative zero
    [InlineData("FF", "DECIMAL")] // infinity is not exact
    [InlineData("81 FF 02", "DOUBLE")] // an exponent that has a short form
    [InlineData("81", "DOUBLE")]
    [InlineData("C1", "INTEGER")]
    [InlineData("C1 03", "INTEGER")]
    [InlineData("", "INTEGER")]
    [InlineData("C5 03 03 03 03 02", "REAL")] // 101010101 is not a float
    public void Bytes_that_are_no_such_number_are_refused(string bytes, string type, bool isNumber = false)
    {
        Assert.True(SqlTypes.TryFromName(type, out var target));
        var position = 0;
        Assert.Equal(isNumber, NumberKey.TryRead(HexText.Parse(bytes), ref position, target, 0, out _));
    }

    private static byte[] Write(in SqlValue number)
    {
        var bytes = new ByteAppender(stackalloc byte[16]);
        NumberKey.Write(ref bytes, number);
        var written = bytes.Written.ToArray();
        bytes.Dispose();
        return written;
    }
}
