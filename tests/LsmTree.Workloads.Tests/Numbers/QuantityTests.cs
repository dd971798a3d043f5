using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Tests.Numbers;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("500", 500)]
    [InlineData("20k", 20_000)]
    [InlineData("20K", 20_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("2G", 2_000_000_000)]
    public void Counts_are_in_thousands(string text, long expected)
    {
        Assert.True(Quantity.TryParseCount(text, out var count));
        Assert.Equal(expected, count);
    }

    [Theory]
    [InlineData("100", 100)]
    [InlineData("4K", 4_096)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("64 mb", 64L << 20)]
    [InlineData("0.5G", 512L << 20)]
    public void Sizes_are_in_units_of_1024(string text, long expected)
    {
        Assert.True(Quantity.TryParseBytes(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1T")]
    [InlineData("ten")]
    [InlineData("99999999999999999999G")]
    public void Everything_else_is_refused(string text)
    {
        Assert.False(Quantity.TryParseCount(text, out _));
        Assert.False(Quantity.TryParseBytes(text, out _));
    }
}
