using LsmTree.Data.Parsing;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Expressions: how tightly each operator binds, and every form of each.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData("a OR b AND c", "(a OR (b AND c))")]
    [InlineData("NOT a AND b", "((NOT a) AND b)")]
    [InlineData("NOT a = b", "(NOT (a = b))")]
    [InlineData("NOT a IS NULL", "(NOT (a IS NULL))")]
    [InlineData("NOT NOT a", "(NOT (NOT a))")]
    [InlineData("a = b IS NULL", "((a = b) IS NULL)")]
    [InlineData("a IS NULL = b", "((a IS NULL) = b)")]
    [InlineData("a = b IN (1)", "(a = (b IN (1)))")]
    [InlineData("a IN (1) = b", "((a IN (1)) = b)")]
    [InlineData("a = b LIKE c || d", "(a = (b LIKE (c || d)))")]
    [InlineData("a || b + c", "(a || (b + c))")]
    [InlineData("a + b * c - d", "((a + (b * c)) - d)")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("a / b * c % d", "(((a / b) * c) % d)")]
    [InlineData("-a * b", "((- a) * b)")]
    [InlineData("- - a", "(- (- a))")]
    [InlineData("+a", "(+ a)")]
    [InlineData("a - -1", "(a - -1)")]
    [InlineData("a < b + 1", "(a < (b + 1))")]
    [InlineData("a BETWEEN 1 AND 2 AND b", "((a BETWEEN 1 AND 2) AND b)")]
    [InlineData("a BETWEEN b + 1 AND c || d OR e", "((a BETWEEN (b + 1) AND (c || d)) OR e)")]
    [InlineData("(a OR b) AND c", "((a OR b) AND c)")]
    [InlineData("((a))", "a")]
    [InlineData("a = NOT b", "(a = (NOT b))")]
    public void Operators_bind_as_in_PostgreSQL(string text, string understood) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("a = 1", "(a = 1)")]
    [InlineData("a <> 1", "(a <> 1)")]
    [InlineData("a != 1", "(a <> 1)")]
    [InlineData("a<1", "(a < 1)")]
    [InlineData("a <= 1", "(a <= 1)")]
    [InlineData("a > 1", "(a > 1)")]
    [InlineData("a>=1", "(a >= 1)")]
    [InlineData("a IS NULL", "(a IS NULL)")]
    [InlineData("a is not null", "(a IS NOT NULL)")]
    [InlineData("a BETWEEN 1 AND 2", "(a BETWEEN 1 AND 2)")]
    [InlineData("a NOT BETWEEN 1 AND 2", "(a NOT BETWEEN 1 AND 2)")]
    [InlineData("a IN (1)", "(a IN (1))")]
    [InlineData("a NOT IN (1, @p, b + 1)", "(a NOT IN (1, @p, (b + 1)))")]
    [InlineData("a LIKE 'p%'", "(a LIKE 'p%')")]
    [InlineData("a NOT LIKE 'p!%' ESCAPE '!'", "(a NOT LIKE 'p!%' ESCAPE '!')")]
    [InlineData("(a, b) > (@a, @b)", "((a, b) > (@a, @b))")]
    [InlineData("((a, b)) = (1, 2)", "((a, b) = (1, 2))")]
    [InlineData("(a, b) IN ((1, 2), (3, 4))", "((a, b) IN ((1, 2), (3, 4)))")]
    [InlineData("CASE WHEN a THEN 1 END", "CASE WHEN a THEN 1 END")]
    [InlineData("CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END", "CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END")]
    [InlineData("CASE WHEN a AND b THEN CASE c WHEN 1 THEN 2 END ELSE -d END", "CASE WHEN (a AND b) THEN CASE c WHEN 1 THEN 2 END ELSE (- d) END")]
    [InlineData("CAST(a AS VARCHAR(5)) || 'x'", "(CAST(a AS TEXT(5)) || 'x')")]
    [InlineData("CAST(a AS TIMESTAMP WITH TIME ZONE)", "CAST(a AS TIMESTAMPTZ)")]
    [InlineData("COALESCE(a, b, 1)", "COALESCE(a, b, 1)")]
    [InlineData("length(lower(a))", "LENGTH(LOWER(a))")]
    [InlineData("SUBSTR(a, 1, 2) = HEX(b)", "(SUBSTR(a, 1, 2) = HEX(b))")]
    [InlineData("count ( * )", "COUNT(*)")]
    [InlineData("now()", "NOW()")]
    [InlineData("replace(a, 'b', 'c')", "\"REPLACE\"(a, 'b', 'c')")]
    [InlineData("t.a = EXCLUDED.b", "(t.a = EXCLUDED.b)")]
    public void Every_form_is_understood(string text, string understood) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("a IN (SELECT @ids WHERE 1 = 0)")]
    [InlineData("a in (select null where 1=0)")]
    [InlineData("a IN (SELECT ? WHERE 1 = 0)")]
    public void Dappers_empty_list_is_an_empty_list(string text)
    {
        var @in = Assert.IsType<InExpression>(Parse(text));

        Assert.Empty(@in.Items);
        Assert.False(@in.Negated);
    }

    [Fact]
    public void The_parameter_of_an_empty_list_counts()
    {
        var script = SqlParser.Parse("SELECT * FROM kv WHERE k IN (SELECT @ids WHERE 1 = 0) AND v = @v");

        Assert.Equal(["ids", "v"], script.ParameterNames);
    }

    [Theory]
    [InlineData("AND")]
    [InlineData("OR")]
    public void A_long_run_of_and_or_or_is_built_balanced_and_in_order(string word)
    {
        const int Count = 5_000;
        var expression = Parse(string.Join($" {word} ", Enumerable.Range(0, Count)));

        var leaves = new List<long>();
        var deepest = 0;
        Visit(expression, 1);
        Assert.Equal(Enumerable.Range(0, Count).Select(static number => (long)number), leaves);
        Assert.InRange(deepest, 1, 14);

        void Visit(Expression node, int depth)
        {
            deepest = Math.Max(deepest, depth);
            if (node is BinaryExpression binary)
            {
                Assert.Equal(word == "AND" ? BinaryOperator.And : BinaryOperator.Or, binary.Operator);
                Visit(binary.Left, depth + 1);
                Visit(binary.Right, depth + 1);
            }
            else
            {
                leaves.Add(((LiteralExpression)node).Value.AsInt64());
            }
        }
    }

    [Theory]
    [InlineData("a AND b AND c", "((a AND b) AND c)")]
    [InlineData("a AND b AND c AND d", "((a AND b) AND (c AND d))")]
    [InlineData("a AND b OR c AND d AND e OR f", "(((a AND b) OR ((c AND d) AND e)) OR f)")]
    [InlineData("a AND (b AND c)", "(a AND (b AND c))")]
    public void Runs_keep_their_order(string text, string understood) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("a < b < c", "comparisons do not chain (line 1, column 14): put one of them in parentheses, or write AND")]
    [InlineData("a = b = c", "comparisons do not chain (line 1, column 14): put one of them in parentheses, or write AND")]
    [InlineData("a IN (1) IN (2)", "BETWEEN, IN and LIKE do not chain (line 1, column 17): put one of them in parentheses, or write AND")]
    [InlineData("a LIKE b NOT LIKE c", "BETWEEN, IN and LIKE do not chain (line 1, column 17): put one of them in parentheses, or write AND")]
    [InlineData("(a, b) = (1, 2, 3)", "2 value(s) are compared with 3 (line 1, column 15)")]
    [InlineData("(a, b) = 1", "2 value(s) are compared with 1 (line 1, column 15)")]
    [InlineData("(a, b) IN ((1, 2), 3)", "2 value(s) are compared with 1 (line 1, column 27)")]
    [InlineData("a IN (1, (2, 3))", "1 value(s) are compared with 2 (line 1, column 17)")]
    public void What_PostgreSQL_refuses_is_refused(string text, string message)
    {
        var error = Assert.Throws<LsmException>(() => Parse(text));

        Assert.Equal(message, error.Message);
        Assert.Equal("42601", error.SqlState);
    }

    [Theory]
    [InlineData("(a, b)", 8)]
    [InlineData("1 + (a, b)", 12)]
    [InlineData("(a, b) IS NULL", 8)]
    [InlineData("COUNT((a, b))", 14)]
    [InlineData("(a, b) AND c", 8)]
    [InlineData("((a, b), c) = ((1, 2), 3)", 9)]
    public void A_row_stands_beside_a_comparison_only(string text, int column)
    {
        var error = Assert.Throws<LsmException>(() => Parse(text));

        Assert.Equal($"A row as a value is not supported (line 1, column {column}): compare it: (a, b) > (1, 2), or (a, b) IN ((1, 2))", error.Message);
    }

    private static Expression Parse(string text) => ((SelectStatement)SqlParser.Parse("SELECT " + text).Statements[0]).Cores[0].Items[0].Expression!;

    private static void AssertUnderstood(string text, string understood)
    {
        Assert.Equal(understood, SyntaxPrinter.Print(Parse(text)));
        Assert.Equal(understood, SyntaxPrinter.Print(Parse(understood)));
    }
}
