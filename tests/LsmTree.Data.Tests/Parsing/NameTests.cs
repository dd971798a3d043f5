using LsmTree.Data.Parsing;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Names, quoted names, parameters and comments.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("k", "k")]
    [InlineData("_K9", "_K9")]
    [InlineData("größe", "größe")]
    [InlineData("имя", "имя")]
    [InlineData("漢字", "漢字")]
    [InlineData("𝒳1", "𝒳1")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"a\"\"b\"", "a\"b")]
    [InlineData("[a b]", "a b")]
    [InlineData("[a]]b]", "a]b")]
    [InlineData("`a``b`", "a`b")]
    [InlineData("\"SELECT\"", "SELECT")]
    [InlineData("[from]", "from")]
    [InlineData("\"-- no comment\"", "-- no comment")]
    [InlineData("key", "key")]
    [InlineData("value", "value")]
    [InlineData("Index", "Index")]
    [InlineData("date", "date")]
    [InlineData("text", "text")]
    [InlineData("user", "user")]
    public void A_name_is_kept_as_written_without_its_quotes(string text, string name)
    {
        var select = (SelectStatement)SqlParser.Parse($"SELECT {text} AS {text} FROM {text}").Statements[0];

        Assert.Equal(name, Assert.IsType<ColumnExpression>(select.Cores[0].Items[0].Expression).Name);
        Assert.Equal(name, select.Cores[0].Items[0].Alias);
        Assert.Equal(name, select.Cores[0].Table!.Name);
    }

    [Fact]
    public void Every_word_that_is_not_reserved_is_a_name_everywhere()
    {
        foreach (var word in Words(LsmSqlLexer.ANALYZE, LsmSqlLexer.IDENTIFIER - 1))
        {
            var text = $"CREATE TABLE {word} ({word} INT PRIMARY KEY); SELECT {word}.{word} AS {word} FROM {word} WHERE {word} = {word}(1); INSERT INTO {word} ({word}) VALUES (1); UPDATE {word} SET {word} = {word}; SAVEPOINT {word}";
            var script = SqlParser.Parse(text);

            Assert.Equal(word, ((CreateTableStatement)script.Statements[0]).Columns[0].Name);
            Assert.Equal(word, ((UpdateStatement)script.Statements[3]).Assignments[0].Column.Name);
            Assert.Equal(word, ((SavepointStatement)script.Statements[4]).Name);
        }
    }

    [Fact]
    public void Every_reserved_word_is_a_name_in_quotes_and_after_as_only()
    {
        foreach (var word in Words(LsmSqlLexer.ALL, LsmSqlLexer.WITH))
        {
            var select = (SelectStatement)SqlParser.Parse($"SELECT \"{word}\" AS {word} FROM [{word}]").Statements[0];

            Assert.Equal(word, select.Cores[0].Items[0].Alias);
            Assert.Equal(word, select.Cores[0].Table!.Name);
            Assert.Throws<LsmException>(() => SqlParser.Parse($"SAVEPOINT {word}"));
        }
    }

    [Fact]
    public void What_PostgreSQL_lets_stand_bare_is_reserved_here_only_with_a_reason()
    {
        // The key words of PostgreSQL 17 that it refuses as the name of a column (appendix C: "reserved", also "can be function or type").
        const string ReservedThere =
            "ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC AUTHORIZATION BINARY BOTH CASE CAST CHECK COLLATE COLLATION COLUMN CONCURRENTLY CONSTRAINT CREATE "
            + "CROSS CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO ELSE "
            + "END EXCEPT FALSE FETCH FOR FOREIGN FREEZE FROM FULL GRANT GROUP HAVING ILIKE IN INITIALLY INNER INTERSECT INTO IS ISNULL JOIN LATERAL LEADING LEFT "
            + "LIKE LIMIT LOCALTIME LOCALTIMESTAMP NATURAL NOT NOTNULL NULL OFFSET ON ONLY OR ORDER OUTER OVERLAPS PLACING PRIMARY REFERENCES RETURNING RIGHT SELECT "
            + "SESSION_USER SIMILAR SOME SYMMETRIC SYSTEM_USER TABLE TABLESAMPLE THEN TO TRAILING TRUE UNION UNIQUE USER USING VARIADIC VERBOSE WHEN WHERE WINDOW WITH";

        // BETWEEN, EXISTS and VALUES may name a column there but not a function, which takes a grammar of more than one token's foresight.
        Assert.Equal(["BETWEEN", "EXISTS", "VALUES"], Words(LsmSqlLexer.ALL, LsmSqlLexer.WITH).Except(ReservedThere.Split(' ')));
    }

    [Theory]
    [InlineData("SELECT @a, @b, @a", "a,b", 0)]
    [InlineData("SELECT @a, :b, $c", "a,b,c", 0)]
    [InlineData("SELECT @a, :a, $a", "a", 0)]
    [InlineData("SELECT @Id, @id", "Id,id", 0)]
    [InlineData("SELECT @größe, @_1", "größe,_1", 0)]
    [InlineData("SELECT @a; SELECT @b, @a", "a,b", 0)]
    [InlineData("SELECT ?, ?; SELECT ?", "", 3)]
    [InlineData("SELECT ?2, ?1", "", 2)]
    [InlineData("SELECT $2", "", 2)]
    [InlineData("SELECT ?5, ?", "", 6)]
    [InlineData("SELECT '@a', \"@b\" /* @c */ -- @d", "", 0)]
    [InlineData("SELECT @select, @from", "select,from", 0)]
    public void Parameters_are_counted_over_the_whole_text(string text, string names, int positions)
    {
        var script = SqlParser.Parse(text);

        Assert.Equal(names, string.Join(',', script.ParameterNames));
        Assert.Equal(positions, script.PositionalCount);
    }

    [Fact]
    public void Positions_follow_the_text()
    {
        var text = SyntaxPrinter.Print(SqlParser.Parse(
            "SELECT ?, CASE ? WHEN ? THEN ? ELSE ? END FROM kv WHERE a BETWEEN ? AND ? AND b IN (?, ?) AND c LIKE ? ESCAPE ? OR f(?, ?) + ? = ? ORDER BY ? OFFSET ? LIMIT ?"));

        Assert.Equal(
            "SELECT ?1, CASE ?2 WHEN ?3 THEN ?4 ELSE ?5 END FROM kv WHERE ((((a BETWEEN ?6 AND ?7) AND (b IN (?8, ?9))) AND (c LIKE ?10 ESCAPE ?11)) OR ((F(?12, ?13) + ?14) = ?15)) ORDER BY ?16 LIMIT ?18 OFFSET ?17",
            text);
        Assert.Equal(
            "INSERT INTO kv VALUES (?1, ?2), (?3, ?4) ON CONFLICT (k) DO UPDATE SET v = ?5 RETURNING ?6; UPDATE kv SET a = ?7, b = ?8 WHERE (c = ?9) RETURNING ?10",
            SyntaxPrinter.Print(SqlParser.Parse("INSERT INTO kv VALUES (?, ?), (?, ?) ON CONFLICT (k) DO UPDATE SET v = ? RETURNING ?; UPDATE kv SET a = ?, b = ? WHERE c = ? RETURNING ?")));
    }

    [Theory]
    [InlineData("SELECT @a, ?", 12)]
    [InlineData("SELECT ?; SELECT :a", 18)]
    [InlineData("SELECT $1, $a", 12)]
    public void Named_and_positional_parameters_do_not_mix(string text, int column)
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse(text));

        Assert.Equal($"named and positional parameters in one text (line 1, column {column}): name all of them, or none", error.Message);
        Assert.Equal("42601", error.SqlState);
    }

    [Theory]
    [InlineData("SELECT 'abc", "this string is never closed (line 1, column 8)")]
    [InlineData("SELECT 'abc''", "this string is never closed (line 1, column 8)")]
    [InlineData("SELECT X'00", "this string is never closed (line 1, column 8)")]
    [InlineData("SELECT 1 AS \"abc", "this quoted name is never closed (line 1, column 13)")]
    [InlineData("SELECT [a]]", "this quoted name is never closed (line 1, column 8)")]
    [InlineData("SELECT `a", "this quoted name is never closed (line 1, column 8)")]
    [InlineData("SELECT 1 /* one /* two */ three", "this comment is never closed (line 1, column 10)")]
    [InlineData("SELECT 1\n  /* /* /* */ */", "this comment is never closed (line 2, column 3)")]
    [InlineData("/* done */ /*", "this comment is never closed (line 1, column 12)")]
    [InlineData("SELECT \"\"", "a name is empty (line 1, column 8)")]
    [InlineData("SELECT ?0", "there is no parameter 0 (line 1, column 8): positions start at 1")]
    public void What_is_never_closed_is_an_error_at_its_start(string text, string message)
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse(text));

        Assert.Equal(message, error.Message);
        Assert.Equal("42601", error.SqlState);
    }

    private static IEnumerable<string> Words(int first, int last)
    {
        for (var type = first; type <= last; type++)
        {
            yield return LsmSqlLexer.DefaultVocabulary.GetSymbolicName(type);
        }
    }
}
