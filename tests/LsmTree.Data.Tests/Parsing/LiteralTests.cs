using System.Globalization;
using LsmTree.Data.Parsing;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Literals: their types, their values, and what is wrong with wrong ones.</summary>
public sealed class LiteralTests
{
    [Theory]
    [InlineData("0", "Int32", "0")]
    [InlineData("007", "Int32", "7")]
    [InlineData("2147483647", "Int32", "2147483647")]
    [InlineData("2147483648", "Int64", "2147483648")]
    [InlineData("-2147483648", "Int32", "-2147483648")]
    [InlineData("- 2147483648", "Int32", "-2147483648")]
    [InlineData("-2147483649", "Int64", "-2147483649")]
    [InlineData("9223372036854775807", "Int64", "9223372036854775807")]
    [InlineData("-9223372036854775808", "Int64", "-9223372036854775808")]
    [InlineData("+5", "Int32", "5")]
    public void A_whole_number_is_the_smallest_type_that_holds_it(string text, string type, string value)
    {
        var literal = Parse(text);

        Assert.Equal(type, literal.Type.ToString());
        Assert.Equal(long.Parse(value, CultureInfo.InvariantCulture), literal.AsInt64());
    }

    [Theory]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("-9223372036854775809", "-9223372036854775809")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("3.14", "3.14")]
    [InlineData("3.140", "3.140")]
    [InlineData("-3.14", "-3.14")]
    [InlineData("5.", "5")]
    [InlineData(".5", "0.5")]
    [InlineData("99999999999999999999.999999999999999", "100000000000000000000.00000000")]
    [InlineData("0.00000000000000000000000000001", "0.0000000000000000000000000000")]
    public void A_number_with_a_point_is_a_decimal_rounded_to_its_digits(string text, string value)
    {
        var literal = Parse(text);

        Assert.Equal(SqlType.Decimal, literal.Type);
        Assert.Equal(value, literal.AsDecimal().ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("1e0", 1d)]
    [InlineData("1.5E-3", 0.0015d)]
    [InlineData(".5e+2", 50d)]
    [InlineData("-1.79e308", -1.79e308)]
    [InlineData("5e-324", 5e-324)]
    [InlineData("1e-999", 0d)]
    public void A_number_with_an_exponent_is_a_double(string text, double value)
    {
        var literal = Parse(text);

        Assert.Equal(SqlType.Double, literal.Type);
        Assert.Equal(value, literal.AsDouble());
    }

    [Theory]
    [InlineData("''", "")]
    [InlineData("'it''s'", "it's")]
    [InlineData("''''", "'")]
    [InlineData("'a''''b'", "a''b")]
    [InlineData("'line\nbreak -- no comment /* none */ ; '", "line\nbreak -- no comment /* none */ ; ")]
    [InlineData("'ab¢d 漢 😀'", "ab¢d 漢 😀")]
    [InlineData("'back\\slash'", "back\\slash")]
    [InlineData("'\0'", "\0")]
    public void A_string_is_what_stands_between_the_quotes(string text, string value)
    {
        var literal = Parse(text);

        Assert.Equal(SqlType.Text, literal.Type);
        Assert.Equal(value, literal.AsString());
    }

    [Theory]
    [InlineData("X''", "")]
    [InlineData("x'00fF'", "00FF")]
    public void A_blob_is_pairs_of_hexadecimal_digits(string text, string value)
    {
        var literal = Parse(text);

        Assert.Equal(SqlType.Blob, literal.Type);
        Assert.Equal(value, Convert.ToHexString(literal.AsSpan()));
    }

    [Fact]
    public void Truth_and_nothing()
    {
        Assert.True(Parse("TRUE").AsBoolean());
        Assert.False(Parse("false").AsBoolean());
        Assert.Equal(SqlType.Boolean, Parse("False").Type);
        Assert.True(Parse("null").IsNull);
    }

    [Fact]
    public void Moments_and_uuids_are_typed_strings()
    {
        Assert.Equal(new DateOnly(2024, 2, 29), Parse("DATE '2024-02-29'").AsDate());
        Assert.Equal(new TimeOnly(23, 59, 58, 123).Ticks + 4567, Parse("time '23:59:58.1234567'").AsTimeTicks());
        Assert.Equal(new DateTime(2024, 2, 29, 1, 2, 3), Parse("TIMESTAMP '2024-02-29 01:02:03'").AsTimestamp());
        Assert.Equal(new DateTime(2024, 2, 29, 1, 2, 0), Parse("DATETIME '2024-02-29T01:02'").AsTimestamp());
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(-3.5)), Parse("TIMESTAMPTZ '2024-02-29 01:02:03-03:30'").AsTimestampTz());
        Assert.Equal(TimeSpan.FromHours(-3.5), Parse("TIMESTAMPTZ '2024-02-29 01:02:03-03:30'").AsTimestampTz().Offset);
        Assert.Equal(new Guid("00112233-4455-6677-8899-aabbccddeeff"), Parse("UUID '00112233-4455-6677-8899-AABBCCDDEEFF'").AsUuid());
        Assert.Equal(SqlType.Uuid, Parse("GUID '00112233-4455-6677-8899-aabbccddeeff'").Type);
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "−" };
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(-3.5m, Parse("-3.5").AsDecimal());
            Assert.Equal(-35d, Parse("-3.5e1").AsDouble());
            Assert.Equal(-3, Parse("-3").AsInt64());
            Assert.Equal(new DateOnly(2024, 2, 29), Parse("DATE '2024-02-29'").AsDate());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("X'0'", "42601", "X'…' has something else than pairs of hexadecimal digits (line 1, column 8)")]
    [InlineData("X'0g'", "42601", "X'…' has something else than pairs of hexadecimal digits (line 1, column 8)")]
    [InlineData("99999999999999999999999999999999", "22003", "a number does not fit a DECIMAL (line 1, column 8): write it with an exponent for a DOUBLE")]
    [InlineData("1e999", "22003", "a number does not fit a DOUBLE (line 1, column 8)")]
    [InlineData("DATE '2024-02-30'", "22018", "'2024-02-30' is not a DATE (line 1, column 13): write DATE '2024-02-29'")]
    [InlineData("TIME '25:00'", "22018", "'25:00' is not a TIME (line 1, column 13): write TIME '23:59:59.1234567'")]
    [InlineData("TIMESTAMP 'now'", "22018", "'now' is not a TIMESTAMP (line 1, column 18): write TIMESTAMP '2024-02-29 23:59:59.1234567'")]
    [InlineData("UUID '1'", "22018", "'1' is not a UUID (line 1, column 13): write UUID '00112233-4455-6677-8899-aabbccddeeff'")]
    [InlineData("JSON '{}'", "42601", "'JSON' cannot stand in front of a string (line 1, column 8): DATE, TIME, TIMESTAMP, TIMESTAMPTZ and UUID can; or write CAST")]
    [InlineData("INTERVAL '1 day'", "0A000", "INTERVAL is not supported (line 1, column 8): compute the moment in the program and pass it as a parameter")]
    [InlineData("1a", "42601", "'1a' is neither a number nor a name (line 1, column 8)")]
    [InlineData("0x1F", "42601", "'0x1F' is neither a number nor a name (line 1, column 8)")]
    [InlineData("1e", "42601", "'1e' is neither a number nor a name (line 1, column 8)")]
    [InlineData("1_000", "42601", "'1_000' is neither a number nor a name (line 1, column 8)")]
    public void A_wrong_literal_says_what_is_wrong(string text, string sqlState, string message)
    {
        var error = Assert.Throws<LsmException>(() => Parse(text));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(sqlState, error.SqlState);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_for_it_has_no_UTF8()
    {
        // Not theory data: attributes are stored as UTF-8, which is the very point.
        foreach (var half in (string[])["\ud800", "\udc00\ud800", "a\udfff", "\ud83d\ude00\ud83d"])
        {
            var error = Assert.Throws<LsmException>(() => Parse($"'{half}'"));
            Assert.Equal("half a surrogate pair, which is no character (line 1, column 8): pass such text as bytes", error.Message);
        }
    }

    private static SqlValue Parse(string text)
    {
        var item = ((SelectStatement)SqlParser.Parse("SELECT " + text).Statements[0]).Cores[0].Items[0];
        return Assert.IsType<LiteralExpression>(item.Expression).Value;
    }
}
