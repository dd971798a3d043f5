using LsmTree.Storage.Views;

namespace LsmTree.Storage.Tests.Views;

public sealed class CursorBoundsTests
{
    [Theory]
    [InlineData("61", "61", "62")]
    [InlineData("6162", "6162", "6163")]
    [InlineData("61FF", "61FF", "62")]
    [InlineData("FEFFFF", "FEFFFF", "FF")]
    [InlineData("FF", "FF", null)]
    [InlineData("FFFF", "FFFF", null)]
    [InlineData("00", "00", "01")]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void A_prefix_is_a_range(string? prefix, string? lower, string? upper) =>
        AssertBounds(new CursorBounds(null, null).Within(Bytes(prefix)), lower, upper);

    [Theory]
    [InlineData("60", "63", "61", "62")]
    [InlineData("6105", "6110", "6105", "6110")]
    [InlineData("6105", null, "6105", "62")]
    [InlineData(null, "6110", "61", "6110")]
    [InlineData("62", null, "62", "62")]
    [InlineData(null, "", "61", "")]
    public void The_narrower_of_prefix_and_bounds_counts(string? lower, string? upper, string expectedLower, string expectedUpper) =>
        AssertBounds(new CursorBounds(Bytes(lower), Bytes(upper)).Within([0x61]), expectedLower, expectedUpper);

    private static void AssertBounds(CursorBounds bounds, string? lower, string? upper)
    {
        Assert.Equal(lower, bounds.Lower is null ? null : Convert.ToHexString(bounds.Lower));
        Assert.Equal(upper, bounds.Upper is null ? null : Convert.ToHexString(bounds.Upper));
    }

    private static byte[]? Bytes(string? hex) => hex is null ? null : Convert.FromHexString(hex);
}
