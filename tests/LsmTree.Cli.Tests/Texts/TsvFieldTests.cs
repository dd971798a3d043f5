using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Tests.Texts;

public sealed class TsvFieldTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData(@"C:\new (\r, \n)", @"C:\new (\r, \n)")]
    [InlineData("a\tb\nc\rd\\e", @"\ea\tb\nc\rd\\e")]
    [InlineData(@"\N", @"\e\\N")]
    [InlineData(@"\Nearly", @"\Nearly")]
    [InlineData(@"\x00", @"\e\\x00")]
    [InlineData(@"\end", @"\e\\end")]
    public void Text_is_marked_only_where_it_must_be_and_comes_back(string text, string field)
    {
        Assert.Equal(field, TsvField.OfText(text));
        Assert.True(TsvField.TryRead(field, out var back));
        Assert.Equal(text, back);
    }

    [Fact]
    public void Null_is_not_a_text()
    {
        Assert.True(TsvField.TryRead(@"\N", out var value));
        Assert.Null(value);
    }

    [Fact]
    public void Bytes_are_hexadecimal_and_come_back()
    {
        Assert.Equal(@"\x000aff", TsvField.OfBytes([0, 10, 255]));
        Assert.True(TsvField.TryRead(@"\x000aFF", out var bytes));
        Assert.Equal(new byte[] { 0, 10, 255 }, bytes);
    }

    [Theory]
    [InlineData(@"\x0")]
    [InlineData(@"\xzz")]
    [InlineData(@"\ea\qb")]
    [InlineData(@"\eends with \")]
    public void A_marked_field_of_another_form_is_refused(string field) => Assert.False(TsvField.TryRead(field, out _));
}
