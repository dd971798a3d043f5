using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Tests.Texts;

public sealed class WordSplitterTests
{
    [Theory]
    [InlineData(".get key", ".get|key")]
    [InlineData("  .put   a\tb  ", ".put|a|b")]
    [InlineData(".put 'two words' \"it's\"", ".put|two words|it's")]
    [InlineData(".put k 'it''s'", ".put|k|it's")]
    [InlineData(".put k ''", ".put|k|")]
    [InlineData(".put k O'Neil", ".put|k|O'Neil")]
    [InlineData("", "")]
    public void White_space_separates_and_quotes_hold_together(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', WordSplitter.Split(line)));
}
