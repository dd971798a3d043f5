using System.Globalization;
using LsmTree.Data.Parsing;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Each limit, at it and one past it; and the texts that would exhaust the stack of a naive parser.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_text_has_at_most_a_mebi_of_characters()
    {
        var atLimit = "SELECT 1 --".PadRight(SqlLimits.TextLength, 'x');

        Assert.Single(SqlParser.Parse(atLimit).Statements);
        AssertRefused(atLimit + "x", "the text has 1,048,577 characters, and 1,048,576 is the most: pass large values as parameters, or send several texts");
    }

    [Theory]
    [InlineData("(", "1", ")", 200)]
    [InlineData("f(", "1", ")", 200)]
    [InlineData("(NOT ", "1", ")", 100)]
    [InlineData("NOT ", "1", "", 200)]
    [InlineData("- ", "a", "", 200)]
    [InlineData("+ ", "a", "", 200)]
    [InlineData("-(", "a", ")", 100)]
    [InlineData("1 + (", "1", ")", 200)]
    [InlineData("a = NOT ", "1", "", 200)]
    [InlineData("CASE WHEN ", "1", " THEN 1 END", 200)]
    [InlineData("CASE ", "1", " WHEN 1 THEN 1 END", 200)]
    [InlineData("CAST(", "1", " AS INT)", 200)]
    [InlineData("a IN (", "1", ")", 200)]
    [InlineData("(1, ", "1", ")", 200, true)]
    public void Nesting_ends_at_two_hundred(string open, string middle, string close, int most, bool isRow = false)
    {
        var atLimit = "SELECT " + Repeat(open, most) + middle + Repeat(close, most);
        if (isRow)
        {
            Assert.Equal("0A000", Assert.Throws<LsmException>(() => SqlParser.Parse(atLimit)).SqlState);
        }
        else
        {
            Assert.Single(SqlParser.Parse(atLimit).Statements);
        }

        var error = AssertRefused("SELECT " + Repeat(open, most + 1) + middle + Repeat(close, most + 1));
        Assert.StartsWith("nested more than 200 deep (line 1, column ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("NOT ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("-(")]
    [InlineData("f(")]
    [InlineData("a IN (")]
    [InlineData("(SELECT ")]
    [InlineData("CASE ")]
    [InlineData("CASE WHEN a THEN ")]
    [InlineData("a BETWEEN (")]
    [InlineData("NOT a = - f(NOT ")]
    public void Thousands_of_levels_are_an_error_and_not_a_crash(string open, int levels = 10_000)
    {
        AssertRefused("SELECT " + Repeat(open, Math.Min(levels, (SqlLimits.TextLength - 10) / open.Length)));
    }

    [Fact]
    public void Closed_levels_do_not_count()
    {
        var text = "SELECT " + string.Join(", ", Enumerable.Repeat("NOT (a) AND -(-1) = CASE WHEN NOT b THEN - c ELSE - 5 END - f(- x)", 1_000));

        Assert.Equal(1_000, ((SelectStatement)SqlParser.Parse(text).Statements[0]).Cores[0].Items.Count);
    }

    [Theory]
    [InlineData("/*", "*/")]
    [InlineData("/* x ", " */")]
    public void Comments_nest_without_a_limit_of_their_own(string open, string close)
    {
        const int Depth = 50_000;

        Assert.Single(SqlParser.Parse($"SELECT 1 {Repeat(open, Depth)}{Repeat(close, Depth)}").Statements);
        Assert.Equal("42601", Assert.Throws<LsmException>(() => SqlParser.Parse($"SELECT 1 {Repeat(open, Depth)}")).SqlState);
    }

    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("1", " - 1")]
    [InlineData("a", " || a")]
    [InlineData("a", " * a")]
    [InlineData("a", " IS NULL")]
    public void A_chain_of_operators_is_at_most_five_hundred_deep(string first, string next, int most = SqlLimits.ExpressionDepth)
    {
        Assert.Single(SqlParser.Parse("SELECT " + first + Repeat(next, most)).Statements);
        var error = AssertRefused("SELECT " + first + Repeat(next, most + 1));
        Assert.StartsWith("an expression has more than 500 operators inside each other (line 1, column 8)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_is_an_error_and_not_a_crash() => AssertRefused("SELECT 1" + Repeat("+1", 100_000));

    [Fact]
    public void Chains_inside_each_other_add_up()
    {
        AssertRefused("SELECT " + Repeat("(", 100) + "1" + Repeat(Repeat(" + 1", 100) + ")", 100));
        AssertRefused("SELECT " + Repeat("f(", 100) + "1" + Repeat(Repeat(" + 1", 5) + ")", 100));
        Assert.Single(SqlParser.Parse("SELECT " + Repeat("f(", 100) + "1" + Repeat(Repeat(" + 1", 4) + ")", 100)).Statements);
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(160, false)]
    public void A_parse_at_the_limits_fits_two_megabytes_of_stack_and_fails_politely_in_less(int kibibytes, bool fits)
    {
        string[] texts =
        [
            "SELECT " + Repeat("(", 200) + "1" + Repeat(")", 200),
            "SELECT " + Repeat("CASE WHEN ", 200) + "1" + Repeat(" THEN 1 END", 200),
            "SELECT " + Repeat("a = b AND c OR (", 200) + "1" + Repeat(")", 200),
            "SELECT " + Repeat("(a = b + f(", 100) + "1" + Repeat("))", 100),
            "SELECT " + Repeat("a BETWEEN b AND -f(", 100) + "1" + Repeat(")", 100),
        ];
        var failures = new List<Exception?>();
        var thread = new Thread(() => failures.AddRange(texts.Select(static text => Record.Exception(() => SqlParser.Parse(text)))), kibibytes * 1024);
        thread.Start();
        thread.Join();

        Assert.All(failures, failure => Assert.True(failure is null || (!fits && failure is LsmException { Code: LsmErrorCode.LimitExceeded }), failure?.ToString()));
    }

    [Fact]
    public void An_in_list_has_at_most_ten_thousand_items()
    {
        Assert.Single(SqlParser.Parse(InList(Enumerable.Range(0, SqlLimits.ListItems))).Statements);
        AssertRefused(
            InList(Enumerable.Range(0, SqlLimits.ListItems + 1)),
            "an IN list has 10,001 items, and 10,000 is the most (line 1, column 29): send several statements");

        static string InList(IEnumerable<int> items) => $"SELECT * FROM kv WHERE k IN ({string.Join(',', items)})";
    }

    [Fact]
    public void An_in_list_of_parameters_may_be_longer()
    {
        Assert.Single(SqlParser.Parse(InList(SqlLimits.ListParameters)).Statements);
        AssertRefused(InList(SqlLimits.ListParameters + 1), "an IN list has 65,536 items, and 65,535 is the most (line 1, column 29): send several statements");

        static string InList(int count) => $"SELECT * FROM kv WHERE k IN ({string.Join(',', Enumerable.Repeat("@p", count))})";
    }

    [Fact]
    public void A_text_has_at_most_32766_parameters()
    {
        Assert.Equal(SqlLimits.Parameters, SqlParser.Parse(Named(SqlLimits.Parameters)).ParameterNames.Count);
        AssertRefused(Named(SqlLimits.Parameters + 1));
        Assert.Equal(SqlLimits.Parameters, SqlParser.Parse("SELECT " + string.Join(',', Enumerable.Repeat("?", SqlLimits.Parameters))).PositionalCount);
        AssertRefused("SELECT " + string.Join(',', Enumerable.Repeat("?", SqlLimits.Parameters + 1)));
        Assert.Equal(SqlLimits.Parameters, SqlParser.Parse("SELECT ?32766").PositionalCount);
        AssertRefused("SELECT ?32767", "more than 32,766 parameters (line 1, column 8): send several statements");
        AssertRefused("SELECT ?99999999999999999999", "more than 32,766 parameters (line 1, column 8): send several statements");

        static string Named(int count) => "SELECT " + string.Join(',', Enumerable.Range(0, count).Select(static number => string.Create(CultureInfo.InvariantCulture, $"@p{number}")));
    }

    [Theory]
    [InlineData("a", 128)]
    [InlineData("ä", 64)]
    [InlineData("漢", 42)]
    public void A_name_has_at_most_128_bytes_of_UTF8(string letter, int most)
    {
        var name = Repeat(letter, most);
        var tooLong = name + letter;

        Assert.Single(SqlParser.Parse($"SELECT {name}, @{name}, [{name}] AS \"{name}\" FROM {name}").Statements);
        AssertRefused($"SELECT {tooLong}", "a name is longer than 128 bytes (line 1, column 8)");
        AssertRefused($"SELECT \"{tooLong}\"", "a name is longer than 128 bytes (line 1, column 8)");
        AssertRefused($"SELECT @{tooLong}", "a name is longer than 128 bytes (line 1, column 8)");
        AssertRefused($"SELECT 1 AS {tooLong}", "a name is longer than 128 bytes (line 1, column 13)");
        AssertRefused($"SAVEPOINT {tooLong}", "a name is longer than 128 bytes (line 1, column 11)");
    }

    [Fact]
    public void A_full_text_of_thirty_thousand_rows_parses()
    {
        const string Row = "(1, 'some text', NULL, @p, -2.5),";
        var count = (SqlLimits.TextLength - 50) / Row.Length;
        var insert = (InsertStatement)SqlParser.Parse("INSERT INTO kv VALUES " + Repeat(Row, count) + "(1, 2, 3, 4, 5)").Statements[0];

        Assert.Equal(count + 1, insert.Rows.Count);
        Assert.All(insert.Rows, static row => Assert.Equal(5, row.Count));
    }

    [Fact]
    public void Thousands_of_statements_parse()
    {
        const string Statement = "SELECT * FROM kv WHERE k = 1;\n";
        const int Count = 5_000;
        var script = SqlParser.Parse(Repeat(Statement, Count));

        Assert.Equal(Count, script.Statements.Count);
        Assert.Equal((Count, 1), (script.Statements[^1].At.Line, script.Statements[^1].At.Column));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static LsmException AssertRefused(string text, string? message = null)
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse(text));
        Assert.Equal(LsmErrorCode.LimitExceeded, error.Code);
        Assert.Equal("54000", error.SqlState);
        if (message is not null)
        {
            Assert.Equal(message, error.Message);
        }

        return error;
    }
}
