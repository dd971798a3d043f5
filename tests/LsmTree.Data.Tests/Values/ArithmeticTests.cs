using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData("INTEGER 7", "/", "INTEGER 2", "INTEGER 3")]
    [InlineData("INTEGER -7", "/", "INTEGER 2", "INTEGER -3")]
    [InlineData("INTEGER -7", "%", "INTEGER 2", "INTEGER -1")]
    [InlineData("BIGINT -9223372036854775808", "%", "INTEGER -1", "BIGINT 0")]
    [InlineData("BIGINT -9223372036854775808", "/", "INTEGER -1", "22003")]
    [InlineData("SMALLINT 32767", "+", "SMALLINT 1", "22003")]
    [InlineData("SMALLINT 32767", "+", "INTEGER 1", "INTEGER 32768")]
    [InlineData("INTEGER 2147483647", "+", "INTEGER 1", "22003")]
    [InlineData("INTEGER 2147483647", "+", "BIGINT 1", "BIGINT 2147483648")]
    [InlineData("BIGINT 9223372036854775807", "*", "INTEGER 2", "22003")]
    [InlineData("UINT8 200", "+", "UINT8 56", "22003")]
    [InlineData("UINT8 200", "-", "INT8 -56", "SMALLINT 256")]
    [InlineData("UINT64 18446744073709551615", "+", "UINT8 1", "22003")]
    [InlineData("UINT64 18446744073709551615", "+", "INTEGER 1", "DECIMAL 18446744073709551616")]
    [InlineData("UINT64 5", "-", "UINT64 6", "22003")]
    [InlineData("INTEGER 1", "/", "INTEGER 0", "22012")]
    [InlineData("UINT64 1", "%", "UINT64 0", "22012")]
    [InlineData("DECIMAL 1", "/", "DECIMAL 0.0", "22012")]
    [InlineData("DOUBLE 1", "/", "DOUBLE 0", "22012")]
    [InlineData("DECIMAL 1.5", "+", "INTEGER 1", "DECIMAL 2.5")]
    [InlineData("DECIMAL 1.5", "*", "DOUBLE 2", "DOUBLE 3")]
    [InlineData("DECIMAL 79228162514264337593543950335", "+", "INTEGER 1", "22003")]
    [InlineData("DOUBLE 1e308", "*", "DOUBLE 10", "22003")]
    [InlineData("DOUBLE Infinity", "+", "DOUBLE 1", "DOUBLE Infinity")]
    [InlineData("REAL 1.5", "+", "REAL 1", "REAL 2.5")]
    [InlineData("REAL 3e38", "*", "REAL 10", "22003")]
    [InlineData("REAL 1.5", "+", "INTEGER 1", "DOUBLE 2.5")]
    [InlineData("MONEY 1.25", "+", "MONEY 1.25", "MONEY 2.5000")]
    [InlineData("MONEY 1.25", "*", "INTEGER 3", "MONEY 3.7500")]
    [InlineData("INTEGER 3", "*", "MONEY 1.25", "MONEY 3.7500")]
    [InlineData("MONEY 1.25", "/", "INTEGER 2", "MONEY 0.6250")]
    [InlineData("MONEY 5", "/", "MONEY 2", "DOUBLE 2.5")]
    [InlineData("MONEY 922337203685477.5807", "+", "MONEY 1", "22003")]
    [InlineData("MONEY 1.25", "*", "DOUBLE 2.5", "MONEY 3.1250")]
    [InlineData("MONEY 1", "*", "DOUBLE Infinity", "22003")]
    [InlineData("DATE 2024-02-28", "+", "INTEGER 2", "DATE 2024-03-01")]
    [InlineData("INTEGER 2", "+", "DATE 2024-02-28", "DATE 2024-03-01")]
    [InlineData("DATE 2024-03-01", "-", "INTEGER 1", "DATE 2024-02-29")]
    [InlineData("DATE 2024-03-01", "-", "DATE 2024-02-28", "INTEGER 2")]
    [InlineData("DATE 9999-12-31", "+", "BIGINT 9223372036854775807", "22003")]
    [InlineData("DATE 0001-01-01", "-", "INTEGER 1", "22003")]
    [InlineData("DATE 2024-03-01", "+", "DATE 2024-02-28", "42804")]
    [InlineData("TEXT 1", "+", "INTEGER 1", "42804")]
    [InlineData("BOOLEAN true", "+", "BOOLEAN true", "42804")]
    [InlineData("TEXT a", "||", "TEXT b", "TEXT ab")]
    [InlineData("TEXT a", "||", "DECIMAL 1.50", "TEXT a1.50")]
    [InlineData("BOOLEAN true", "||", "TEXT !", "TEXT true!")]
    [InlineData("BLOB 61", "||", "BLOB 62", "BLOB 6162")]
    [InlineData("BLOB 61", "||", "TEXT b", "42804")]
    [InlineData("INTEGER 1", "||", "INTEGER 2", "42804")]
    public void Operators(string left, string sign, string right, string expected)
    {
        var leftValue = Parse(left);
        var rightValue = Parse(right);
        Assert.Equal(expected, Outcome(() => Compute(sign, leftValue, rightValue)));
        if (expected.Contains(' ', StringComparison.Ordinal))
        {
            Assert.Equal(expected[..expected.IndexOf(' ', StringComparison.Ordinal)], SqlTypes.NameOf(StaticType(sign, leftValue.Type, rightValue.Type)));
        }
    }

    [Fact]
    public void Null_in_null_out()
    {
        foreach (var sign in new[] { "+", "-", "*", "/", "%", "||" })
        {
            Assert.True(Compute(sign, SqlValue.Null, SqlValue.FromInt32(0)).IsNull);
            Assert.True(Compute(sign, SqlValue.FromInt32(0), SqlValue.Null).IsNull);
        }

        Assert.True(Arithmetic.Negate(SqlValue.Null).IsNull);
    }

    [Theory]
    [InlineData("INTEGER 5", "INTEGER -5")]
    [InlineData("INTEGER -2147483648", "22003")]
    [InlineData("BIGINT -9223372036854775808", "22003")]
    [InlineData("UINT8 200", "SMALLINT -200")]
    [InlineData("UINT64 18446744073709551615", "DECIMAL -18446744073709551615")]
    [InlineData("DECIMAL 1.50", "DECIMAL -1.50")]
    [InlineData("MONEY 1.5", "MONEY -1.5000")]
    [InlineData("MONEY -922337203685477.5808", "22003")]
    [InlineData("DOUBLE 1.5", "DOUBLE -1.5")]
    [InlineData("TEXT 1", "42804")]
    public void Negation(string value, string expected)
    {
        var given = Parse(value);
        Assert.Equal(expected, Outcome(() => Arithmetic.Negate(given)));
    }

    [Theory]
    [InlineData(11)]
    public void Any_two_numbers_give_a_number_of_the_promised_type_or_an_lsm_exception(int seed)
    {
        SqlType[] types = [.. RandomValues.AllTypes.Where(SqlTypes.IsNumeric)];
        var random = new RandomValues(seed);
        for (var i = 0; i < 5000; i++)
        {
            var left = random.Next(types[random.Next(types.Length)]);
            var right = random.Next(types[random.Next(types.Length)]);
            var operation = (ArithmeticOperator)random.Next(5);
            try
            {
                Assert.Equal(Arithmetic.ResultType(operation, left.Type, right.Type), Arithmetic.Apply(operation, left, right).Type);
            }
            catch (LsmException error)
            {
                Assert.True(error.Code is LsmErrorCode.OutOfRange or LsmErrorCode.DivisionByZero, $"seed {seed}: {error.Message}");
            }
        }
    }

    private static SqlValue Compute(string sign, in SqlValue left, in SqlValue right) => sign switch
    {
        "+" => Arithmetic.Add(left, right),
        "-" => Arithmetic.Subtract(left, right),
        "*" => Arithmetic.Multiply(left, right),
        "/" => Arithmetic.Divide(left, right),
        "%" => Arithmetic.Modulo(left, right),
        _ => Arithmetic.Concatenate(left, right),
    };

    private static SqlType StaticType(string sign, SqlType left, SqlType right) => sign switch
    {
        "||" => Arithmetic.ConcatenatedType(left, right),
        _ => Arithmetic.ResultType((ArithmeticOperator)"+-*/%".IndexOf(sign, StringComparison.Ordinal), left, right),
    };

    private static SqlValue Parse(string written)
    {
        var space = written.IndexOf(' ', StringComparison.Ordinal);
        Assert.True(SqlTypes.TryFromName(written[..space], out var type));
        var text = written[(space + 1)..];
        return type switch
        {
            SqlType.Text => SqlValue.FromText(text),
            SqlType.Blob => SqlValue.FromBlob(Convert.FromHexString(text)),
            _ => ValueParser.Parse(text, type),
        };
    }

    private static string Outcome(Func<SqlValue> compute)
    {
        try
        {
            var value = compute();
            return $"{SqlTypes.NameOf(value.Type)} {ValueFormat.ToText(value).Replace(@"\x", "", StringComparison.Ordinal)}";
        }
        catch (LsmException error)
        {
            return error.SqlState;
        }
    }
}
