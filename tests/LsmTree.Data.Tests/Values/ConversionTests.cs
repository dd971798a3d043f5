using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class ConversionTests
{
    [Theory]
    // Integers widen and narrow when the value fits.
    [InlineData("INTEGER 5", "SMALLINT", "5")]
    [InlineData("BIGINT 255", "UINT8", "255")]
    [InlineData("BIGINT 256", "UINT8", "22003")]
    [InlineData("INTEGER -1", "UINT64", "22003")]
    [InlineData("INTEGER -129", "INT8", "22003")]
    [InlineData("UINT64 18446744073709551615", "BIGINT", "22003")]
    [InlineData("UINT64 9223372036854775807", "BIGINT", "9223372036854775807")]
    [InlineData("UINT64 18446744073709551615", "DECIMAL", "18446744073709551615")]
    // DECIMAL rounds half away from zero, DOUBLE half to even.
    [InlineData("DECIMAL 2.5", "INTEGER", "3")]
    [InlineData("DECIMAL -2.5", "INTEGER", "-3")]
    [InlineData("DOUBLE 2.5", "INTEGER", "2")]
    [InlineData("DOUBLE 3.5", "INTEGER", "4")]
    [InlineData("DOUBLE -0.5", "UINT64", "0")]
    [InlineData("DECIMAL 32767.4", "SMALLINT", "32767")]
    [InlineData("DECIMAL 32767.5", "SMALLINT", "22003")]
    [InlineData("DOUBLE 1e300", "BIGINT", "22003")]
    [InlineData("DOUBLE 9223372036854775808", "BIGINT", "22003")]
    [InlineData("DOUBLE 9223372036854775808", "UINT64", "9223372036854775808")]
    [InlineData("DOUBLE NaN", "INTEGER", "22003")]
    [InlineData("DOUBLE Infinity", "DECIMAL", "22003")]
    [InlineData("DOUBLE 1e300", "REAL", "22003")]
    [InlineData("DOUBLE Infinity", "REAL", "Infinity")]
    [InlineData("DOUBLE 0.1", "DECIMAL", "0.1")]
    [InlineData("REAL 0.1", "DOUBLE", "0.10000000149011612")]
    [InlineData("DECIMAL 79228162514264337593543950335", "DOUBLE", "7.922816251426434e+28")]
    [InlineData("DECIMAL 1.23455", "MONEY", "1.2346")]
    [InlineData("INTEGER 7", "MONEY", "7.0000")]
    [InlineData("DECIMAL 922337203685477.5807", "MONEY", "922337203685477.5807")]
    [InlineData("DECIMAL 922337203685477.58075", "MONEY", "22003")]
    // Moments.
    [InlineData("DATE 2024-02-29", "TIMESTAMP", "2024-02-29 00:00:00")]
    [InlineData("TIMESTAMP 2024-02-29 13:30:00.25", "DATE", "2024-02-29")]
    [InlineData("TIMESTAMP 2024-02-29 13:30:00.25", "TIME", "13:30:00.25")]
    [InlineData("TIMESTAMP 2024-02-29 13:30:00", "TIMESTAMPTZ", "2024-02-29 13:30:00+00")]
    [InlineData("TIMESTAMPTZ 2024-02-29 01:00:00+05:30", "TIMESTAMP", "2024-02-28 19:30:00")]
    [InlineData("TIMESTAMPTZ 2024-02-29 01:00:00+05:30", "DATE", "2024-02-28")]
    [InlineData("DATE 2024-02-29", "TIME", "42804")]
    [InlineData("TIME 13:30:00", "TIMESTAMP", "42804")]
    // Text into everything, and everything into text.
    [InlineData("TEXT  42 ", "INTEGER", "42")]
    [InlineData("TEXT 99999999999", "INTEGER", "22003")]
    [InlineData("TEXT 99999999999999999999999999", "BIGINT", "22003")]
    [InlineData("TEXT 4.2", "INTEGER", "22018")]
    [InlineData("TEXT x", "INTEGER", "22018")]
    [InlineData("TEXT 1,000", "DECIMAL", "22018")]
    [InlineData("TEXT 1.50", "DECIMAL", "1.50")]
    [InlineData("TEXT 1e300", "DECIMAL", "22003")]
    [InlineData("TEXT 1e3", "DECIMAL", "1000")]
    [InlineData("TEXT 1e400", "DOUBLE", "22003")]
    [InlineData("TEXT 1e39", "REAL", "22003")]
    [InlineData("TEXT -Infinity", "DOUBLE", "-Infinity")]
    [InlineData("TEXT NaN", "REAL", "NaN")]
    [InlineData("TEXT TRUE", "BOOLEAN", "true")]
    [InlineData("TEXT off", "BOOLEAN", "false")]
    [InlineData("TEXT maybe", "BOOLEAN", "22018")]
    [InlineData("TEXT 2024-02-30", "DATE", "22018")]
    [InlineData("TEXT 2024-02-29T13:30Z", "TIMESTAMPTZ", "2024-02-29 13:30:00+00")]
    [InlineData("TEXT 0F8FAD5B-D9CB-469F-A165-70867728950E", "UUID", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("TEXT no", "UUID", "22018")]
    [InlineData("INTEGER -7", "TEXT", "-7")]
    [InlineData("DOUBLE 1e20", "TEXT", "1e+20")]
    [InlineData("BOOLEAN true", "TEXT", "true")]
    [InlineData("TEXT é", "BLOB", "\\xc3a9")]
    // No such assignment.
    [InlineData("BOOLEAN true", "INTEGER", "42804")]
    [InlineData("INTEGER 1", "BOOLEAN", "42804")]
    [InlineData("INTEGER 1", "DATE", "42804")]
    [InlineData("INTEGER 1", "BLOB", "42804")]
    [InlineData("UUID 0f8fad5b-d9cb-469f-a165-70867728950e", "BLOB", "42804")]
    [InlineData("BLOB 6869", "TEXT", "42804")]
    [InlineData("BLOB 6869", "INTEGER", "42804")]
    // ANY takes what comes, as it is.
    [InlineData("DECIMAL 1.50", "ANY", "1.50")]
    public void Assignment(string value, string target, string expected) => AssertConverts(Conversion.Convert, value, target, expected);

    [Theory]
    [InlineData("BOOLEAN true", "INTEGER", "1")]
    [InlineData("BOOLEAN false", "DECIMAL", "0")]
    [InlineData("INTEGER 2", "BOOLEAN", "true")]
    [InlineData("DOUBLE 0", "BOOLEAN", "false")]
    [InlineData("BLOB 6869", "TEXT", "hi")]
    [InlineData("BLOB ff", "TEXT", "22018")]
    [InlineData("UUID 00112233-4455-6677-8899-aabbccddeeff", "BLOB", "\\x00112233445566778899aabbccddeeff")]
    [InlineData("BLOB 00112233445566778899aabbccddeeff", "UUID", "00112233-4455-6677-8899-aabbccddeeff")]
    [InlineData("BLOB 0011", "UUID", "22018")]
    [InlineData("DECIMAL 2.5", "INTEGER", "3")]
    [InlineData("DATE 2024-02-29", "INTEGER", "42804")]
    public void Cast(string value, string target, string expected) => AssertConverts(Conversion.Cast, value, target, expected);

    [Theory]
    [InlineData("1.005", 5, 2, "1.01")]
    [InlineData("-1.005", 5, 2, "-1.01")]
    [InlineData("1", 5, 2, "1.00")]
    [InlineData("999.99", 5, 2, "999.99")]
    [InlineData("999.995", 5, 2, "22003")]
    [InlineData("12345", 3, 0, "22003")]
    [InlineData("0.5", 1, 1, "0.5")]
    [InlineData("1", 1, 1, "22003")]
    [InlineData("9999999999999999999999999999", 28, 0, "9999999999999999999999999999")]
    [InlineData("1", 28, 27, "1.000000000000000000000000000")]
    [InlineData("1", 40, 30, "42P16")]
    public void Declared_decimals_round_to_their_scale_and_check_their_digits(string value, int precision, int scale, string expected)
    {
        var number = SqlValue.FromDecimal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, Outcome(() => Conversion.Convert(number, SqlType.Decimal, precision, scale)));
        Assert.Equal(expected, Outcome(() => Conversion.Convert(SqlValue.FromText(value), SqlType.Decimal, precision, scale)));
    }

    [Fact]
    public void Null_converts_to_everything_and_stays_null()
    {
        Assert.All(RandomValues.AllTypes, static type => Assert.True(Conversion.Convert(SqlValue.Null, type).IsNull));
        Assert.All(RandomValues.AllTypes, static type => Assert.True(Conversion.Cast(SqlValue.Null, type).IsNull));
    }

    [Theory]
    [InlineData(7)]
    public void Every_value_survives_its_text(int seed)
    {
        var random = new RandomValues(seed);
        foreach (var type in RandomValues.AllTypes.Where(static type => type != SqlType.Blob))
        {
            for (var i = 0; i < 200; i++)
            {
                var value = random.Next(type);
                var text = Conversion.Cast(value, SqlType.Text);
                var back = Conversion.Cast(text, type);
                Assert.True(back.Type == type && Conversion.ToClr(back).Equals(Conversion.ToClr(value)), $"seed {seed}: {type} {text.AsString()}");
            }
        }
    }

    [Fact]
    public void Text_with_an_unpaired_surrogate_does_not_become_a_blob() =>
        Assert.Equal("22018", Outcome(static () => Conversion.Convert(SqlValue.FromText("a\ud800"), SqlType.Blob)));

    private static void AssertConverts(Converter convert, string value, string target, string expected)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        Assert.True(SqlTypes.TryFromName(value[..space], out var source));
        Assert.True(SqlTypes.TryFromName(target, out var type));
        var text = value[(space + 1)..];
        var given = source switch
        {
            SqlType.Text => SqlValue.FromText(text),
            SqlType.Blob => SqlValue.FromBlob(Convert.FromHexString(text)),
            _ => ValueParser.Parse(text, source),
        };
        Assert.Equal(source, given.Type);
        Assert.Equal(expected, Outcome(() =>
        {
            var result = convert(given, type, 0, 0);
            Assert.Equal(type == SqlType.Any ? source : type, result.Type);
            return result;
        }));
        if (source == SqlType.Text)
        {
            Assert.Equal(expected, Outcome(() => convert(RandomValues.Utf8(text), type, 0, 0)));
        }
    }

    private static string Outcome(Func<SqlValue> convert)
    {
        try
        {
            return ValueFormat.ToText(convert());
        }
        catch (LsmException error)
        {
            return error.SqlState;
        }
    }

    private delegate SqlValue Converter(in SqlValue value, SqlType target, int precision, int scale);
}
