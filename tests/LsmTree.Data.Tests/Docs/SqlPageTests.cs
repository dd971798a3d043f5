using LsmTree.Data.Parsing;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Docs;

/// <summary>The pages that show SQL: every statement is executed, and docs/sql.md names everything there is.</summary>
public sealed class SqlPageTests
{
    private const string Page = "docs/sql.md";

    private static string Text { get; } = File.ReadAllText(Path.Combine(MarkdownPage.Root, Page));

    public static TheoryData<LsmErrorCode> ErrorCodes => [.. Enum.GetValues<LsmErrorCode>()];

    [Theory]
    [InlineData(Page, 60)]
    public void Every_statement_does_what_the_page_says(string page, int least)
    {
        using var runner = new SqlPageRunner(page);
        runner.Run(MarkdownPage.Read(page).Blocks());
        Assert.True(runner.Statements >= least, $"{page} has only {runner.Statements} statements that could be executed.");
    }

    [Fact]
    public void The_statements_that_the_README_types_into_the_shell_work()
    {
        using var runner = new SqlPageRunner("README.md");
        foreach (var block in MarkdownPage.Read("README.md").Blocks())
        {
            foreach (var line in block.Lines.Where(static line => line.StartsWith("lsmtree> ", StringComparison.Ordinal) && !line.StartsWith("lsmtree> .", StringComparison.Ordinal)))
            {
                runner.RunStatement(line["lsmtree> ".Length..], block.Line);
            }
        }

        Assert.True(runner.Statements >= 3);
    }

    [Fact]
    public void Every_type_is_named()
    {
        foreach (var name in SqlTypes.Names)
        {
            Assert.True(Text.Contains($"`{name}`", StringComparison.Ordinal), $"{Page} does not name the type `{name}`");
        }
    }

    [Theory]
    [MemberData(nameof(ErrorCodes))]
    public void Every_error_is_named(LsmErrorCode code)
    {
        var state = new LsmException(code, "").SqlState;
        Assert.True(Text.Contains($"| {state} | {code} |", StringComparison.Ordinal), $"{Page} does not list | {state} | {code} |");
    }

    [Theory]
    [InlineData(SqlLimits.TextLength)]
    [InlineData(SqlLimits.Nesting)]
    [InlineData(SqlLimits.ExpressionDepth)]
    [InlineData(SqlLimits.ListItems)]
    [InlineData(SqlLimits.ListParameters)]
    [InlineData(SqlLimits.Parameters)]
    [InlineData(SqlLimits.IdentifierBytes)]
    public void Every_limit_is_named(int limit) =>
        Assert.Contains(limit.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Text, StringComparison.Ordinal);
}
