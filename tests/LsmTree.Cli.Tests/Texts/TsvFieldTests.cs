using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Tests.Texts;

public sealed class TsvFieldTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a\tb\nc\rd\\e", @"a\tb\nc\rd\\e")]
    [InlineData(@"\N", @"\\N")]
    [InlineData(@"\x00", @"\\x00")]
    public void Text_is_escaped_and_comes_back(string text, string field)
    {
        Assert.Equal(field, TsvField.EscapeText(text));
        Assert.True(TsvField.TryUnescapeText(field, out var back));
        Assert.Equal(text, back);
    }

    [Theory]
    [InlineData(@"a\qb")]
    [InlineData(@"ends with \")]
    public void An_escape_that_nobody_writes_is_refused(string field) => Assert.False(TsvField.TryUnescapeText(field, out _));

    [Fact]
    public void Bytes_are_hexadecimal_and_come_back()
    {
        Assert.Equal(@"\x000aff", TsvField.EscapeBytes([0, 10, 255]));
        Assert.True(TsvField.TryUnescapeBytes(@"\x000aFF", out var bytes));
        Assert.Equal([0, 10, 255], bytes);
    }

    [Theory]
    [InlineData(@"\x0")]
    [InlineData(@"\xzz")]
    [InlineData("00ff")]
    public void What_is_not_hexadecimal_is_not_bytes(string field) => Assert.False(TsvField.TryUnescapeBytes(field, out _));
}
