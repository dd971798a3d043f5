using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Tests.Texts;

public sealed class StatementSplitterTests
{
    [Theory]
    [InlineData("SELECT 1;", "SELECT 1")]
    [InlineData("SELECT 1; SELECT 2;", "SELECT 1|SELECT 2")]
    [InlineData("SELECT ';''; still';", "SELECT ';''; still'")]
    [InlineData("SELECT \"a;b\", `c;d`, [e;f];", "SELECT \"a;b\", `c;d`, [e;f]")]
    [InlineData("SELECT 1 -- no; end\n+ 1;", "SELECT 1 -- no; end\n+ 1")]
    [InlineData("SELECT 1 /* a;\nb */ + 1;", "SELECT 1 /* a;\nb */ + 1")]
    [InlineData("-- a comment; only\n;;  ;", "")]
    [InlineData("/* first */ SELECT 1", "SELECT 1")]
    [InlineData("SELECT 'never closed; \n", "SELECT 'never closed;")]
    public void A_semicolon_ends_a_statement_unless_something_encloses_it(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Split(text).Select(static statement => statement.Text)));

    [Fact]
    public void A_statement_knows_the_line_on_which_its_first_word_stands() =>
        Assert.Equal([2, 4, 5], Split("-- header\nSELECT 1;\n\nSELECT\n2; SELECT 3").Select(static statement => statement.Line));

    [Fact]
    public void A_statement_that_is_not_ended_is_pending()
    {
        var splitter = new StatementSplitter();

        splitter.AddLine("SELECT 1");
        Assert.True(splitter.HasPending);
        Assert.False(splitter.TryTake(out _));

        splitter.AddLine(";  -- done");
        Assert.False(splitter.HasPending);
        Assert.True(splitter.TryTake(out var statement));
        Assert.Equal("SELECT 1", statement.Text);
    }

    private static List<SqlStatement> Split(string text)
    {
        var splitter = new StatementSplitter();
        foreach (var line in text.Split('\n'))
        {
            splitter.AddLine(line);
        }

        splitter.Finish();
        var statements = new List<SqlStatement>();
        while (splitter.TryTake(out var statement))
        {
            statements.Add(statement);
        }

        return statements;
    }
}
