using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class MomentParserTests
{
    [Theory]
    [InlineData("2024-02-29 13:30:00", "2024-02-29 13:30:00+00")]
    [InlineData("2024-02-29T13:30", "2024-02-29 13:30:00+00")]
    [InlineData("2024-02-29", "2024-02-29 00:00:00+00")]
    [InlineData("2024-02-29 13:30:00.1234567+02", "2024-02-29 13:30:00.1234567+02")]
    [InlineData("2024-02-29 13:30:00.12345678 -05:30", "2024-02-29 13:30:00.1234567-05:30")]
    [InlineData("2024-02-29 13:30:00+0530", "2024-02-29 13:30:00+05:30")]
    [InlineData("2024-02-29 13:30:00z", "2024-02-29 13:30:00+00")]
    [InlineData("9999-12-31 23:59:59.999+14:00", "9999-12-31 23:59:59.999+14")]
    [InlineData("0001-01-01 00:00:00-14:00", "0001-01-01 00:00:00-14")]
    public void Reads_what_iso_and_postgresql_write(string text, string expected)
    {
        Assert.True(MomentParser.TryParseTimestampTz(text, out var instant));
        Assert.Equal(expected, ValueFormat.ToText(SqlValue.FromTimestampTz(instant)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024")]
    [InlineData("2024-13-01")]
    [InlineData("2023-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2024-02-2")]
    [InlineData("2024-02-29 ")]
    [InlineData("2024-02-29x")]
    [InlineData("2024-02-29T")]
    [InlineData("2024-02-29 24:00")]
    [InlineData("2024-02-29 13:60")]
    [InlineData("2024-02-29 13:30:60")]
    [InlineData("2024-02-29 13:30:00.")]
    [InlineData("2024-02-29 13:30:00+")]
    [InlineData("2024-02-29 13:30:00+15")]
    [InlineData("2024-02-29 13:30:00+05:60")]
    [InlineData("2024-02-29 13:30:00+05:30x")]
    [InlineData("2024-02-29 13:30:00 UTC")]
    [InlineData("0001-01-01 00:00:00+14:00")]
    [InlineData("9999-12-31 23:59:59-14:00")]
    [InlineData("٢٠٢٤-02-29")]
    public void Refuses_the_rest(string text) => Assert.False(MomentParser.TryParseTimestampTz(text, out _));

    [Fact]
    public void Timestamp_ignores_the_zone_and_time_has_none()
    {
        Assert.True(MomentParser.TryParseTimestamp("2024-02-29 13:30:00+05:30", out var moment));
        Assert.Equal(new DateTime(2024, 2, 29, 13, 30, 0), moment);
        Assert.True(MomentParser.TryParseTime("13:30:00.25", out var ticks));
        Assert.Equal(new TimeSpan(0, 13, 30, 0, 250).Ticks, ticks);
        Assert.False(MomentParser.TryParseTime("13:30:00+01", out _));
        Assert.True(MomentParser.TryParseDate("9999-12-31", out var date));
        Assert.Equal(DateOnly.MaxValue, date);
    }
}
