using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class BoundTests
{
    [Theory]
    [InlineData("INTEGER 100000", "SMALLINT", "Between 32767")]
    [InlineData("INTEGER -100000", "SMALLINT", "BelowAll")]
    [InlineData("INTEGER 5", "SMALLINT", "Exact 5")]
    [InlineData("DECIMAL 3.5", "INTEGER", "Between 3")]
    [InlineData("DECIMAL -3.5", "INTEGER", "Between -4")]
    [InlineData("DOUBLE -0.5", "UINT64", "BelowAll")]
    [InlineData("DOUBLE 1e300", "BIGINT", "Between 9223372036854775807")]
    [InlineData("DOUBLE NaN", "BIGINT", "Between 9223372036854775807")]
    [InlineData("DOUBLE NaN", "DOUBLE", "Between Infinity")]
    [InlineData("UINT64 18446744073709551615", "BIGINT", "Between 9223372036854775807")]
    [InlineData("DECIMAL 0.5", "DOUBLE", "Exact 0.5")]
    [InlineData("DECIMAL 0.1", "DOUBLE", "Between 0.09999999999999999")]
    [InlineData("BIGINT 9007199254740993", "DOUBLE", "Between 9007199254740992")]
    [InlineData("DOUBLE 0.1", "REAL", "Between 0.099999994")]
    [InlineData("DOUBLE 1e300", "REAL", "Between 3.4028235e+38")]
    [InlineData("DOUBLE -1e300", "REAL", "Between -Infinity")]
    [InlineData("DOUBLE 0.5", "DECIMAL", "Exact 0.5000000000000000000000000000")]
    [InlineData("DOUBLE 0.1", "DECIMAL", "Between 0.1000000000000000055511151231")]
    [InlineData("DOUBLE -1e-300", "DECIMAL", "Between -0.0000000000000000000000000001")]
    [InlineData("DOUBLE 1e300", "DECIMAL", "Between 79228162514264337593543950335")]
    [InlineData("DOUBLE -1e300", "DECIMAL", "BelowAll")]
    [InlineData("DECIMAL 1.23456", "MONEY", "Between 1.2345")]
    [InlineData("DECIMAL -1.23456", "MONEY", "Between -1.2346")]
    [InlineData("DOUBLE 1.25", "MONEY", "Exact 1.2500")]
    [InlineData("TIMESTAMP 2024-02-29 12:00:00", "DATE", "Between 2024-02-29")]
    [InlineData("TIMESTAMP 2024-02-29", "DATE", "Exact 2024-02-29")]
    [InlineData("TIMESTAMPTZ 2024-02-29 01:00:00+02", "DATE", "Between 2024-02-28")]
    [InlineData("DATE 2024-02-29", "TIMESTAMPTZ", "Exact 2024-02-29 00:00:00+00")]
    [InlineData("TEXT user:1", "BLOB", "Exact \\x757365723a31")]
    [InlineData("BLOB 6869", "TEXT", "Exact hi")]
    [InlineData("BLOB ff", "TEXT", "Between \ufffd")]
    [InlineData("INTEGER 5", "ANY", "Exact 5")]
    public void Floor(string bound, string columnType, string expected)
    {
        var space = bound.IndexOf(' ', StringComparison.Ordinal);
        Assert.True(SqlTypes.TryFromName(bound[..space], out var type));
        Assert.True(SqlTypes.TryFromName(columnType, out var target));
        var text = bound[(space + 1)..];
        var value = type switch
        {
            SqlType.Text => SqlValue.FromText(text),
            SqlType.Blob => SqlValue.FromBlob(Convert.FromHexString(text)),
            _ => ValueParser.Parse(text, type),
        };
        var fit = Bound.Floor(value, target, out var floor);
        Assert.Equal(expected, fit == BoundFit.BelowAll ? "BelowAll" : $"{fit} {ValueFormat.ToText(floor)}");
    }

    [Fact]
    public void A_bound_of_another_class_is_a_mismatch() =>
        Assert.Equal("42804", Assert.Throws<LsmException>(static () => Bound.Floor(SqlValue.FromText("5"), SqlType.Int32, out _)).SqlState);

    [Theory]
    [InlineData(31)]
    public void Values_of_the_column_relate_to_the_floor_as_they_do_to_the_bound(int seed)
    {
        var random = new RandomValues(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var bound = random.Next();
            var column = random.Next();
            if (!Comparison.AreComparable(bound.Type, column.Type))
            {
                continue;
            }

            var fit = Bound.Floor(bound, column.Type, out var floor);
            var toBound = Math.Sign(Comparison.Compare(column, bound)!.Value);
            var expected = 1;
            if (fit != BoundFit.BelowAll)
            {
                var toFloor = Math.Sign(Comparison.Compare(column, floor)!.Value);
                expected = fit == BoundFit.Exact ? toFloor : toFloor > 0 ? 1 : -1;
            }

            if (toBound != expected || (fit != BoundFit.BelowAll && floor.Type != column.Type))
            {
                Assert.Fail($"seed {seed}: {column.Type} {ValueFormat.ToText(column)}, bound {bound.Type} {ValueFormat.ToText(bound)}, {fit} {ValueFormat.ToText(floor)}");
            }
        }
    }
}
