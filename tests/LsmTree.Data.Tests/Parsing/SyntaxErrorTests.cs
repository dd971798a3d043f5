using LsmTree.Data.Parsing;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Syntax errors: the token, its place, and at most five words that would have been right.</summary>
public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("INVALID;", "unexpected 'INVALID' (line 1, column 1): expected SELECT, INSERT, UPSERT, UPDATE, DELETE, …")]
    [InlineData("SELEC 1", "unexpected 'SELEC' (line 1, column 1): expected SELECT, INSERT, UPSERT, UPDATE, DELETE, …; did you mean SELECT?")]
    [InlineData("SELECT", "the text ends too early (line 1, column 7): expected '*', an expression or ALL")]
    [InlineData("SELECT FROM kv", "unexpected 'FROM' (line 1, column 8): expected '*', an expression or ALL")]
    [InlineData("SELECT * FORM kv", "unexpected 'FORM' (line 1, column 10): expected FROM, WHERE, ',', LIMIT, OFFSET, …; did you mean FROM?")]
    [InlineData("SELECT * FROM", "the text ends too early (line 1, column 14): expected a name")]
    [InlineData("SELECT * FROM kv WHERE", "the text ends too early (line 1, column 23): expected an expression")]
    [InlineData("SELECT * FROM kv\nWHERE k = = 1", "unexpected '=' (line 2, column 11): expected an expression")]
    [InlineData("SELECT * FROM kv ORDER k", "unexpected 'k' (line 1, column 24): expected BY")]
    [InlineData("SELECT 1 1", "unexpected '1' (line 1, column 10): expected a name, FROM, WHERE, ',', AS, …")]
    [InlineData("SELECT (1", "the text ends too early (line 1, column 10): expected ',', ')' or an operator")]
    [InlineData("SELECT 1)", "unexpected ')' (line 1, column 9): expected a name, FROM, WHERE, ',', AS, …")]
    [InlineData("SELECT a BETWEEN 1 OR 2", "unexpected 'OR' (line 1, column 20): expected AND or an operator")]
    [InlineData("SELECT CASE a END", "unexpected 'END' (line 1, column 15): expected WHEN or an operator")]
    [InlineData("SELECT CAST(a, TEXT)", "unexpected ',' (line 1, column 14): expected AS or an operator")]
    [InlineData("SELECT a IN 5", "unexpected '5' (line 1, column 13): expected '('")]
    [InlineData("SELECT a IN ()", "unexpected ')' (line 1, column 14): expected SELECT or an expression")]
    [InlineData("SELECT a NOT b", "unexpected 'b' (line 1, column 14): expected BETWEEN, IN or LIKE")]
    [InlineData("INSERT kv VALUES (1)", "unexpected 'kv' (line 1, column 8): expected INTO or OR")]
    [InlineData("INSERT INTO kv", "the text ends too early (line 1, column 15): expected VALUES, '(' or AS")]
    [InlineData("INSERT INTO kv VALUES", "the text ends too early (line 1, column 22): expected '('")]
    [InlineData("INSERT INTO kv VALUE (1)", "unexpected 'VALUE' (line 1, column 16): expected VALUES, '(' or AS; did you mean VALUES?")]
    [InlineData("INSERT INTO kv VALUES (1) ON CONFLICT DO", "the text ends too early (line 1, column 41): expected UPDATE or NOTHING")]
    [InlineData("UPSERT INTO kv VALUES (1) ON CONFLICT DO NOTHING", "unexpected 'ON' (line 1, column 27): expected ',', RETURNING or the end of the statement")]
    [InlineData("UPDATE kv v = 1", "unexpected '=' (line 1, column 13): expected SET")]
    [InlineData("DELETE kv", "unexpected 'kv' (line 1, column 8): expected FROM")]
    [InlineData("CREATE kv (k INT)", "unexpected 'kv' (line 1, column 8): expected TABLE")]
    [InlineData("CREATE TABLE t (a PRIMARY KEY)", "unexpected 'PRIMARY' (line 1, column 19): expected a type")]
    [InlineData("CREATE TABLE t (a INT PRIMARY)", "unexpected ')' (line 1, column 30): expected KEY")]
    [InlineData("CREATE TABLE t (a VARCHR(5))", "there is no type 'VARCHR' (line 1, column 19): did you mean VARCHAR?")]
    [InlineData("CREATE TABLE t (a GEOMETRY)", "there is no type 'GEOMETRY' (line 1, column 19): the types are BLOB, TEXT, BOOLEAN, INTEGER, BIGINT, DOUBLE, DECIMAL, UUID, DATE, TIMESTAMP, ANY and more")]
    [InlineData("SELECT CAST(a AS DOUBEL PRECISION)", "there is no type 'DOUBEL PRECISION' (line 1, column 18): did you mean DOUBLE PRECISION?")]
    [InlineData("SHOW kv", "unexpected 'kv' (line 1, column 6): expected COLUMNS, LEVELS, STATS, TABLES or VERSION")]
    [InlineData("SHOW TABELS", "unexpected 'TABELS' (line 1, column 6): expected COLUMNS, LEVELS, STATS, TABLES or VERSION; did you mean TABLES?")]
    [InlineData("EXPLAIN FLUSH", "unexpected 'FLUSH' (line 1, column 9): expected SELECT, INSERT, UPSERT, UPDATE, DELETE, …")]
    [InlineData("EXPLAIN EXPLAIN SELECT 1", "unexpected 'EXPLAIN' (line 1, column 9): expected SELECT, INSERT, UPSERT, UPDATE, DELETE, …")]
    [InlineData("CHECKPOINT TO x", "unexpected 'x' (line 1, column 15): expected a parameter or a string")]
    [InlineData("COMMIT 5", "unexpected '5' (line 1, column 8): expected TRANSACTION, WORK or the end of the statement")]
    [InlineData("SELECT 1 SELECT 2", "unexpected 'SELECT' (line 1, column 10): expected a name, FROM, WHERE, ',', AS, …")]
    [InlineData("SELECT #", "unexpected '#' (line 1, column 8): expected '*', an expression or ALL")]
    [InlineData("SELECT \0", "unexpected character U+0000 (line 1, column 8): expected '*', an expression or ALL")]
    [InlineData("SELECT 😀", "unexpected '😀' (line 1, column 8): expected '*', an expression or ALL")]
    [InlineData("SELECT @ a", "unexpected '@' (line 1, column 8): expected '*', an expression or ALL")]
    [InlineData("SELECT 'a' 'bcdefghijklmnopqrstuvwxyz0123456789bcdefghijklmnop'", "unexpected ''bcdefghijklmnopqrstuvwxyz0123456789bcde…' (line 1, column 12): expected a name, FROM, WHERE, ',', AS, …")]
    public void A_syntax_error_names_the_token_its_place_and_what_was_expected(string text, string message)
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse(text));

        Assert.Equal(message, error.Message);
        Assert.Equal(LsmErrorCode.Syntax, error.Code);
        Assert.Equal("42601", error.SqlState);
    }

    [Theory]
    [InlineData("SELECT b.* FROM kv AS a", "42P01", "there is no table 'b' in this statement (line 1, column 8)")]
    [InlineData("SELECT kv.* FROM kv AS a", "42P01", "there is no table 'kv' in this statement (line 1, column 8)")]
    [InlineData("INSERT INTO kv VALUES (1, 2), (3)", "42601", "this row has 1 values, the first has 2 (line 1, column 31)")]
    [InlineData("CREATE TABLE t (a INT NULL PRIMARY KEY)", "42P16", "a column is NULL and NOT NULL at once (line 1, column 28): a key column is never NULL")]
    [InlineData("CREATE TABLE t (a INT NOT NULL NULL)", "42P16", "a column is NULL and NOT NULL at once (line 1, column 32): a key column is never NULL")]
    [InlineData("CREATE TABLE t (a INT PRIMARY KEY, b INT PRIMARY KEY)", "42P16", "a second PRIMARY KEY (line 1, column 36): write PRIMARY KEY (a, b) for a key of several columns")]
    [InlineData("CREATE TABLE t (a INT PRIMARY KEY, PRIMARY KEY (a))", "42P16", "a second PRIMARY KEY (line 1, column 36): write PRIMARY KEY (a, b) for a key of several columns")]
    [InlineData("CREATE TABLE t (a DECIMAL(29))", "42P16", "DECIMAL has 1 to 28 digits, of which none to all stand behind the point (line 1, column 26)")]
    [InlineData("CREATE TABLE t (a DECIMAL(5, 6))", "42P16", "DECIMAL has 1 to 28 digits, of which none to all stand behind the point (line 1, column 26)")]
    [InlineData("CREATE TABLE t (a VARCHAR(0))", "42P16", "the length of a type is one number from 1 (line 1, column 26)")]
    [InlineData("CREATE TABLE t (a VARCHAR(99999999999))", "42P16", "the length of a type is one number from 1 (line 1, column 26)")]
    [InlineData("CREATE TABLE t (a INT(11))", "42P16", "INT(11) takes no numbers (line 1, column 22): DECIMAL(p, s) and VARCHAR(n) do")]
    public void What_parses_and_makes_no_sense_is_an_error_too(string text, string sqlState, string message)
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse(text));

        Assert.Equal(message, error.Message);
        Assert.Equal(sqlState, error.SqlState);
    }

    [Fact]
    public void Lines_end_with_a_line_feed_and_columns_count_UTF16_units()
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse("SELECT 1,\r\n\t'😀', x y z"));

        Assert.Equal((2, 12), (error.Line, error.Column));
    }

    [Fact]
    public void Null_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentNullException>(() => SqlParser.Parse(null!));
}
