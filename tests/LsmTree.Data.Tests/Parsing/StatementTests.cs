using LsmTree.Data.Parsing;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Every form of every statement: what is written, and what is understood (<see cref="SyntaxPrinter"/>; every operator in parentheses).</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("select * from kv", "SELECT * FROM kv")]
    [InlineData("SELECT ALL k FROM kv", "SELECT k FROM kv")]
    [InlineData("SELECT kv.* FROM kv", "SELECT * FROM kv")]
    [InlineData("SELECT t.* FROM kv AS t", "SELECT * FROM kv AS t")]
    [InlineData("SELECT k, v FROM kv")]
    [InlineData("SELECT k AS a, v b, 1 \"c d\" FROM kv t", "SELECT k AS a, v AS b, 1 AS \"c d\" FROM kv AS t")]
    [InlineData("SELECT 1 AS select, 2 AS from", "SELECT 1 AS \"select\", 2 AS \"from\"")]
    [InlineData("SELECT 1 WHERE 0 = 1", "SELECT 1 WHERE (0 = 1)")]
    [InlineData("SELECT 42 UNION SELECT 43")]
    [InlineData("SELECT 1 UNION ALL SELECT 2 UNION SELECT 3")]
    [InlineData("SELECT * FROM kv WHERE k = @k", "SELECT * FROM kv WHERE (k = @k)")]
    [InlineData("SELECT k FROM kv ORDER BY k ASC, v DESC, 1", "SELECT k FROM kv ORDER BY k, v DESC, 1")]
    [InlineData("SELECT k FROM kv LIMIT 10")]
    [InlineData("SELECT k FROM kv LIMIT @a OFFSET @b")]
    [InlineData("SELECT k FROM kv OFFSET 5 LIMIT 2 + 1", "SELECT k FROM kv LIMIT (2 + 1) OFFSET 5")]
    [InlineData("SELECT k FROM kv OFFSET 5")]
    [InlineData("SELECT k FROM kv LIMIT ALL", "SELECT k FROM kv")]
    [InlineData("SELECT COUNT(*), count(k), MAX(v) FROM kv WHERE k LIKE 'a%'", "SELECT COUNT(*), COUNT(k), MAX(v) FROM kv WHERE (k LIKE 'a%')")]
    public void A_select(string text, string? understood = null) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("INSERT INTO kv VALUES (1, 'a')")]
    [InlineData("INSERT INTO kv (k, v) VALUES (@k, @v), (2, NULL)")]
    [InlineData("INSERT INTO kv AS t (k) VALUES (1)", "INSERT INTO kv AS t (k) VALUES (1)")]
    [InlineData("INSERT INTO kv VALUES (1, 2) ON CONFLICT DO NOTHING")]
    [InlineData("INSERT INTO kv VALUES (1, 2) ON CONFLICT (k) DO NOTHING RETURNING *")]
    [InlineData("INSERT INTO kv VALUES (1, 2) ON CONFLICT (a, b) DO UPDATE SET v = excluded.v, w = kv.w + 1", "INSERT INTO kv VALUES (1, 2) ON CONFLICT (a, b) DO UPDATE SET v = EXCLUDED.v, w = (kv.w + 1)")]
    [InlineData("INSERT INTO kv VALUES (1, 2) RETURNING k, v AS value", "INSERT INTO kv VALUES (1, 2) RETURNING k, v AS value")]
    [InlineData("UPSERT INTO kv VALUES (1, 2) RETURNING kv.*", "UPSERT INTO kv VALUES (1, 2) RETURNING *")]
    [InlineData("REPLACE INTO kv (k) VALUES (1)", "UPSERT INTO kv (k) VALUES (1)")]
    [InlineData("insert or replace into kv values (1)", "UPSERT INTO kv VALUES (1)")]
    [InlineData("UPDATE kv SET v = v || 'x', w = NULL", "UPDATE kv SET v = (v || 'x'), w = NULL")]
    [InlineData("UPDATE kv AS t SET v = 1 WHERE t.k = 2 RETURNING t.k", "UPDATE kv AS t SET v = 1 WHERE (t.k = 2) RETURNING t.k")]
    [InlineData("UPDATE kv t SET set = 1", "UPDATE kv AS t SET \"set\" = 1")]
    [InlineData("DELETE FROM kv")]
    [InlineData("DELETE FROM kv t WHERE 0 = 1 RETURNING *", "DELETE FROM kv AS t WHERE (0 = 1) RETURNING *")]
    public void A_change(string text, string? understood = null) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("CREATE TABLE t (k TEXT PRIMARY KEY, v ANY)")]
    [InlineData("CREATE TABLE IF NOT EXISTS t (a INT NOT NULL, b INT NULL, c VARCHAR(20), PRIMARY KEY (a, b))", "CREATE TABLE IF NOT EXISTS t (a INTEGER NOT NULL, b INTEGER, c TEXT(20), PRIMARY KEY (a, b))")]
    [InlineData("CREATE TABLE t (a INT, CONSTRAINT pk PRIMARY KEY (a))", "CREATE TABLE t (a INTEGER, PRIMARY KEY (a))")]
    [InlineData("CREATE TABLE t (a INT NOT NULL PRIMARY KEY NOT NULL)", "CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY)")]
    [InlineData("CREATE TABLE \"my table\" (date DATE, time TIME, key INT, value INT, PRIMARY KEY (key))", "CREATE TABLE \"my table\" (date DATE, time TIME, \"key\" INTEGER, value INTEGER, PRIMARY KEY (\"key\"))")]
    [InlineData("DROP TABLE t")]
    [InlineData("DROP TABLE IF EXISTS t")]
    [InlineData("TRUNCATE t", "TRUNCATE TABLE t")]
    [InlineData("TRUNCATE TABLE t")]
    public void A_definition(string text, string? understood = null) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("BEGIN")]
    [InlineData("BEGIN TRANSACTION", "BEGIN")]
    [InlineData("BEGIN WORK", "BEGIN")]
    [InlineData("START TRANSACTION", "BEGIN")]
    [InlineData("COMMIT")]
    [InlineData("COMMIT TRANSACTION", "COMMIT")]
    [InlineData("END", "COMMIT")]
    [InlineData("END WORK", "COMMIT")]
    [InlineData("ROLLBACK")]
    [InlineData("ROLLBACK TRANSACTION", "ROLLBACK")]
    [InlineData("ROLLBACK TO s", "ROLLBACK TO SAVEPOINT s")]
    [InlineData("ROLLBACK WORK TO SAVEPOINT s", "ROLLBACK TO SAVEPOINT s")]
    [InlineData("ROLLBACK TO savepoint", "ROLLBACK TO SAVEPOINT \"savepoint\"")]
    [InlineData("SAVEPOINT s")]
    [InlineData("RELEASE s", "RELEASE SAVEPOINT s")]
    [InlineData("RELEASE SAVEPOINT s")]
    public void A_transaction(string text, string? understood = null) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM kv")]
    [InlineData("EXPLAIN UPSERT INTO kv VALUES (1)")]
    [InlineData("SHOW TABLES")]
    [InlineData("SHOW COLUMNS FROM kv")]
    [InlineData("SHOW STATS")]
    [InlineData("SHOW LEVELS")]
    [InlineData("SHOW VERSION")]
    [InlineData("FLUSH")]
    [InlineData("COMPACT")]
    [InlineData("COMPACT kv")]
    [InlineData("CHECKPOINT TO '/tmp/it''s'")]
    [InlineData("CHECKPOINT TO @directory")]
    [InlineData("VERIFY")]
    public void Looking_and_housekeeping(string text, string? understood = null) => AssertUnderstood(text, understood);

    [Theory]
    [InlineData("", 0)]
    [InlineData(" \t\r\n\u00a0\ufeff", 0)]
    [InlineData(";;;", 0)]
    [InlineData("-- only a comment", 0)]
    [InlineData("/* only /* a nested */ comment */", 0)]
    [InlineData("SELECT 0; -- My favorite number", 1)]
    [InlineData("SELECT 1; SELECT 2", 2)]
    [InlineData(";SELECT 1;;SELECT 2;", 2)]
    [InlineData("SELECT 1 /* ; */; SELECT ';' -- ;", 2)]
    [InlineData("SELECT 1 WHERE 0 = 1;SELECT 1;", 2)]
    public void A_text_holds_any_number_of_statements(string text, int count) => Assert.Equal(count, SqlParser.Parse(text).Statements.Count);

    [Fact]
    public void Statements_and_their_parts_know_their_place()
    {
        var script = SqlParser.Parse("SELECT 1;\r\n  UPDATE kv\n\tSET v = 'ü😀' || k");

        var update = Assert.IsType<LsmTree.Data.Syntax.UpdateStatement>(script.Statements[1]);
        Assert.Equal((2, 3), (update.At.Line, update.At.Column));
        Assert.Equal((2, 10), (update.Table.At.Line, update.Table.At.Column));
        Assert.Equal((3, 6), (update.Assignments[0].At.Line, update.Assignments[0].At.Column));
        var concatenation = Assert.IsType<LsmTree.Data.Syntax.BinaryExpression>(update.Assignments[0].Value);
        Assert.Equal((3, 16), (concatenation.At.Line, concatenation.At.Column));
        Assert.Equal((3, 19), (concatenation.Right.At.Line, concatenation.Right.At.Column));
    }

    [Fact]
    public void A_select_item_keeps_its_text()
    {
        var select = Assert.IsType<LsmTree.Data.Syntax.SelectStatement>(SqlParser.Parse("SELECT  1 +  /* one */ 2 , *, \"A\", Count( * ) AS n FROM kv").Statements[0]);

        Assert.Equal(["1 +  /* one */ 2", "*", "\"A\"", "Count( * )"], select.Cores[0].Items.Select(item => item.Text));
        Assert.Equal([null, null, null, "n"], select.Cores[0].Items.Select(item => item.Alias));
    }

    private static void AssertUnderstood(string text, string? understood)
    {
        var printed = SyntaxPrinter.Print(SqlParser.Parse(text));

        Assert.Equal(understood ?? text, printed);
        Assert.Equal(printed, SyntaxPrinter.Print(SqlParser.Parse(printed)));
    }
}
