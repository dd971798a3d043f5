using LsmTree.Data.Parsing;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>What the dialect leaves out says so, with a place and what to do instead.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, string> Refused() => new()
    {
        { "SELECT a.k FROM a JOIN b ON a.k = b.k", "JOIN is not supported (line 1, column 19): a SELECT reads one table; join in memory" },
        { "SELECT * FROM kv AS a\nLEFT OUTER JOIN b USING (k)", "LEFT JOIN is not supported (line 2, column 1): a SELECT reads one table; join in memory" },
        { "SELECT * FROM a CROSS JOIN b", "CROSS JOIN is not supported (line 1, column 17): a SELECT reads one table; join in memory" },
        { "SELECT * FROM a NATURAL JOIN b", "NATURAL JOIN is not supported (line 1, column 17): a SELECT reads one table; join in memory" },
        { "SELECT * FROM a, b", "FROM with several tables is not supported (line 1, column 16): a SELECT reads one table; join in memory" },
        { "SELECT * FROM (SELECT 1) AS t", "A table in parentheses is not supported (line 1, column 15): a SELECT reads one table by its name; run the inner SELECT first" },
        { "SELECT * FROM main.kv", "A table name with a schema is not supported (line 1, column 19): a connection has one set of tables; write the name alone" },
        { "SELECT (SELECT MAX(k) FROM kv)", "A sub-query is not supported (line 1, column 9): run the inner SELECT first and pass its values as parameters" },
        { "SELECT * FROM kv WHERE k IN (SELECT k FROM b)", "A sub-query is not supported (line 1, column 30): run the inner SELECT first and pass its values as parameters" },
        { "SELECT * FROM kv WHERE k IN (SELECT @p WHERE 1 = 1)", "A sub-query is not supported (line 1, column 30): run the inner SELECT first and pass its values as parameters" },
        { "SELECT * FROM kv WHERE k IN (SELECT @p FROM kv)", "A sub-query is not supported (line 1, column 30): run the inner SELECT first and pass its values as parameters" },
        { "SELECT * FROM kv WHERE k IN (VALUES (1))", "A sub-query is not supported (line 1, column 30): run the inner SELECT first and pass its values as parameters" },
        { "SELECT * FROM kv WHERE NOT EXISTS (SELECT 1)", "EXISTS is not supported (line 1, column 28): run the inner SELECT first and pass its values as parameters" },
        { "WITH x AS (SELECT 1) SELECT * FROM x", "WITH is not supported (line 1, column 1): run the inner SELECT first; a SELECT reads one table" },
        { "(SELECT 1) UNION (SELECT 2)", "A statement in parentheses is not supported (line 1, column 1): leave the parentheses out" },
        { "SELECT k, COUNT(*) FROM kv GROUP BY k", "GROUP BY is not supported (line 1, column 28): read the rows in key order and group them in memory" },
        { "SELECT COUNT(*) FROM kv HAVING COUNT(*) > 1", "HAVING is not supported (line 1, column 25): read the rows in key order and group them in memory" },
        { "SELECT DISTINCT k FROM kv", "DISTINCT is not supported (line 1, column 8): remove doubles in memory; key columns together have none" },
        { "SELECT COUNT(DISTINCT k) FROM kv", "DISTINCT in a function is not supported (line 1, column 14): remove doubles in memory" },
        { "SELECT SUM(v) OVER (ORDER BY k) FROM kv", "A window function (OVER) is not supported (line 1, column 15): read the rows in key order and group them in memory" },
        { "SELECT COUNT(*) FILTER (WHERE k > 1) FROM kv", "FILTER is not supported (line 1, column 17): write CASE inside the function, or WHERE" },
        { "SELECT * FROM kv WINDOW w AS (ORDER BY k)", "WINDOW is not supported (line 1, column 18): read the rows in key order and group them in memory" },
        { "SELECT 1 INTERSECT SELECT 2", "INTERSECT is not supported (line 1, column 10): write the condition with WHERE, or compare the rows in memory" },
        { "SELECT k FROM kv EXCEPT SELECT 2", "EXCEPT is not supported (line 1, column 18): write the condition with WHERE, or compare the rows in memory" },
        { "SELECT * FROM kv FOR UPDATE", "SELECT … FOR is not supported (line 1, column 18): a transaction detects conflicts when it commits; no row is locked" },
        { "SELECT * FROM kv FETCH FIRST 1 ROWS ONLY", "FETCH is not supported (line 1, column 18): write LIMIT" },
        { "SELECT * FROM kv LIMIT 5, 10", "LIMIT with two numbers is not supported (line 1, column 25): write LIMIT count OFFSET start" },
        { "SELECT * FROM kv ORDER BY k DESC NULLS LAST", "NULLS FIRST and NULLS LAST is not supported (line 1, column 34): NULL sorts last in ascending order" },
        { "SELECT * FROM kv WHERE k ILIKE 'a%'", "ILIKE is not supported (line 1, column 26): write LOWER(a) LIKE 'p%'" },
        { "SELECT * FROM kv WHERE k NOT SIMILAR TO 'a'", "SIMILAR TO is not supported (line 1, column 30): write LIKE, with % and _" },
        { "SELECT * FROM kv WHERE k GLOB 'a*'", "GLOB is not supported (line 1, column 26): write LIKE, with % and _" },
        { "SELECT k::TEXT FROM kv", "The operator :: is not supported (line 1, column 9): write CAST(e AS TYPE)" },
        { "SELECT * FROM kv WHERE k == 1", "The operator == is not supported (line 1, column 26): write =" },
        { "SELECT 1 & 2", "The operator & is not supported (line 1, column 10): the operators are = <> < <= > >= + - * / % ||" },
        { "SELECT k COLLATE \"C\" FROM kv", "COLLATE is not supported (line 1, column 10): TEXT is compared by code points" },
        { "SELECT k IS TRUE FROM kv", "IS TRUE is not supported (line 1, column 13): write = TRUE" },
        { "SELECT k IS NOT DISTINCT FROM v FROM kv", "IS DISTINCT FROM is not supported (line 1, column 17): write a <> b OR a IS NULL" },
        { "VALUES (1), (2)", "VALUES as a statement is not supported (line 1, column 1): write SELECT, and UNION ALL for more rows" },
        { "INSERT INTO kv SELECT * FROM b", "INSERT … SELECT is not supported (line 1, column 16): read the rows and insert them with VALUES" },
        { "INSERT INTO kv (k) SELECT 1", "INSERT … SELECT is not supported (line 1, column 20): read the rows and insert them with VALUES" },
        { "INSERT INTO kv (SELECT 1)", "A sub-query is not supported (line 1, column 17): run the inner SELECT first and pass its values as parameters" },
        { "INSERT INTO kv DEFAULT VALUES", "INSERT … DEFAULT VALUES is not supported (line 1, column 16): columns have no defaults; write VALUES" },
        { "INSERT INTO kv VALUES (1, DEFAULT)", "DEFAULT is not supported (line 1, column 27): columns have no defaults; write the value, or NULL" },
        { "INSERT OR IGNORE INTO kv VALUES (1)", "INSERT OR IGNORE is not supported (line 1, column 11): write ON CONFLICT DO NOTHING, or INSERT OR REPLACE" },
        { "INSERT INTO kv VALUES (1) ON DUPLICATE KEY UPDATE v = 1", "ON DUPLICATE KEY is not supported (line 1, column 30): write ON CONFLICT DO UPDATE SET, or UPSERT" },
        { "INSERT INTO kv VALUES (1) ON CONFLICT ON CONSTRAINT pk DO NOTHING", "ON CONFLICT ON CONSTRAINT is not supported (line 1, column 39): the only constraint is the primary key; leave it out" },
        { "INSERT INTO kv VALUES (1) ON CONFLICT (k) DO UPDATE SET v = 1 WHERE v = 2", "WHERE in ON CONFLICT is not supported (line 1, column 63): write CASE in the values of SET" },
        { "UPDATE kv SET v = b.v FROM b", "UPDATE … FROM is not supported (line 1, column 23): a statement reads one table; pass the values as parameters" },
        { "UPDATE kv SET (a, b) = (1, 2)", "SET of several columns at once is not supported (line 1, column 15): write a = 1, b = 2" },
        { "UPDATE kv SET v = 1 LIMIT 5", "LIMIT in UPDATE and DELETE is not supported (line 1, column 21): select the keys first, or bound the key in WHERE" },
        { "DELETE FROM kv USING b", "DELETE … USING is not supported (line 1, column 16): a statement reads one table; pass the values as parameters" },
        { "DELETE FROM kv ORDER BY k", "ORDER in UPDATE and DELETE is not supported (line 1, column 16): select the keys first, or bound the key in WHERE" },
        { "CREATE VIEW v AS SELECT 1", "CREATE VIEW is not supported (line 1, column 8): keep the text of the SELECT in the program" },
        { "CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED is not supported (line 1, column 8): keep the text of the SELECT in the program" },
        { "CREATE INDEX i ON kv (v)", "CREATE INDEX is not supported (line 1, column 8): the primary key is the only index; keep a second table with the other key" },
        { "CREATE UNIQUE INDEX i ON kv (v)", "CREATE INDEX is not supported (line 1, column 8): the primary key is the only index; keep a second table with the other key" },
        { "CREATE TRIGGER t AFTER INSERT ON kv", "CREATE TRIGGER is not supported (line 1, column 8): send the statements themselves" },
        { "CREATE PROCEDURE p() AS 'x'", "CREATE PROCEDURE is not supported (line 1, column 8): send the statements themselves" },
        { "CREATE OR REPLACE FUNCTION f() AS 'x'", "CREATE OR REPLACE is not supported (line 1, column 8): write CREATE TABLE IF NOT EXISTS, or DROP TABLE IF EXISTS first" },
        { "CREATE TEMP TABLE t (a INT)", "CREATE TEMP is not supported (line 1, column 8): use a connection with Data Source=:memory:" },
        { "CREATE DATABASE d", "CREATE DATABASE is not supported (line 1, column 8): a directory is a database, named by Data Source" },
        { "CREATE SEQUENCE s", "CREATE SEQUENCE is not supported (line 1, column 8): count in a table of your own, inside the transaction" },
        { "CREATE TABLE t AS SELECT 1", "CREATE TABLE … AS is not supported (line 1, column 16): create the table and insert the rows" },
        { "CREATE TABLE t (a INT PRIMARY KEY) WITH (fillfactor = 70)", "CREATE TABLE … WITH is not supported (line 1, column 36): write the columns and the PRIMARY KEY; a table has no options" },
        { "CREATE TABLE t (a INT PRIMARY KEY, b INT REFERENCES u (a))", "REFERENCES is not supported (line 1, column 42): a table has NOT NULL and one PRIMARY KEY; check the rest before writing" },
        { "CREATE TABLE t (a INT PRIMARY KEY, FOREIGN KEY (a) REFERENCES u (a))", "FOREIGN KEY is not supported (line 1, column 36): a table has NOT NULL and one PRIMARY KEY; check the rest before writing" },
        { "CREATE TABLE t (a INT PRIMARY KEY, CONSTRAINT c CHECK (a > 0))", "CHECK is not supported (line 1, column 49): a table has NOT NULL and one PRIMARY KEY; check the rest before writing" },
        { "CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE)", "UNIQUE is not supported (line 1, column 42): a table has NOT NULL and one PRIMARY KEY; check the rest before writing" },
        { "CREATE TABLE t (a INT PRIMARY KEY, UNIQUE (a))", "UNIQUE is not supported (line 1, column 36): a table has NOT NULL and one PRIMARY KEY; check the rest before writing" },
        { "CREATE TABLE t (a INT PRIMARY KEY, b INT DEFAULT 0)", "DEFAULT is not supported (line 1, column 42): name the column and its value in every INSERT" },
        { "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)", "AUTOINCREMENT is not supported (line 1, column 39): the program chooses the keys; a UUID or a counter of its own" },
        { "CREATE TABLE t (a INT GENERATED ALWAYS AS IDENTITY)", "GENERATED is not supported (line 1, column 23): the program chooses the keys; a UUID or a counter of its own" },
        { "DROP INDEX i", "DROP INDEX is not supported (line 1, column 6): the primary key is the only index; keep a second table with the other key" },
        { "DROP VIEW IF EXISTS v", "DROP VIEW is not supported (line 1, column 6): keep the text of the SELECT in the program" },
        { "DROP TABLE a, b", "A list of tables is not supported (line 1, column 13): write one statement for each table" },
        { "ALTER TABLE kv ADD COLUMN x INT", "ALTER is not supported (line 1, column 1): create a table of the new shape and copy the rows" },
        { "MERGE INTO kv USING b ON a = b", "MERGE is not supported (line 1, column 1): write INSERT … ON CONFLICT, or UPSERT" },
        { "GRANT SELECT ON kv TO ann", "GRANT is not supported (line 1, column 1): who may open the directory is for the operating system to say" },
        { "REVOKE ALL ON kv FROM ann", "REVOKE is not supported (line 1, column 1): who may open the directory is for the operating system to say" },
        { "PRAGMA journal_mode = WAL", "PRAGMA is not supported (line 1, column 1): settings stand in the connection string" },
        { "SET search_path = x", "SET is not supported (line 1, column 1): settings stand in the connection string" },
        { "VACUUM", "VACUUM is not supported (line 1, column 1): write COMPACT" },
        { "ANALYZE kv", "ANALYZE is not supported (line 1, column 1): there are no statistics to gather; EXPLAIN ANALYZE measures a statement" },
        { "CALL p()", "CALL is not supported (line 1, column 1): send the statements themselves" },
        { "exec p", "EXEC is not supported (line 1, column 1): send the statements themselves" },
        { "DECLARE x INT", "DECLARE is not supported (line 1, column 1): send the statements themselves" },
        { "DESCRIBE kv", "DESCRIBE is not supported (line 1, column 1): write SHOW COLUMNS FROM t" },
        { "COPY kv FROM 'x'", "COPY is not supported (line 1, column 1): write many rows in one INSERT or UPSERT" },
        { "USE db", "USE is not supported (line 1, column 1): open a connection for each directory, named by Data Source" },
        { "ATTACH 'x' AS y", "ATTACH is not supported (line 1, column 1): open a connection for each directory, named by Data Source" },
        { "LOCK TABLE kv", "LOCK is not supported (line 1, column 1): a transaction detects conflicts when it commits" },
        { "TABLE kv", "TABLE is not supported (line 1, column 1): write SELECT * FROM t" },
        { "BEGIN ISOLATION LEVEL SERIALIZABLE", "ISOLATION in BEGIN is not supported (line 1, column 7): choose the level with BeginTransaction(IsolationLevel)" },
        { "START TRANSACTION READ ONLY", "READ in TRANSACTION is not supported (line 1, column 19): choose the level with BeginTransaction(IsolationLevel)" },
        { "SELECT 1;\n\n  SELECT k\n  FROM a INNER JOIN b", "INNER JOIN is not supported (line 4, column 10): a SELECT reads one table; join in memory" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_left_out_is_refused_with_a_place_and_a_way_out(string text, string message)
    {
        var error = Assert.Throws<LsmException>(() => SqlParser.Parse(text));

        Assert.Equal(message, error.Message);
        Assert.Equal(LsmErrorCode.NotSupported, error.Code);
        Assert.Equal("0A000", error.SqlState);
    }

    [Fact]
    public void Every_refused_word_of_every_rule_has_a_message()
    {
        var atn = LsmSqlParser._ATN;
        var refusals = 0;
        for (var rule = LsmSqlParser.RULE_refusedStatement; rule < LsmSqlParser.ruleNames.Length; rule++)
        {
            Assert.StartsWith("refused", LsmSqlParser.ruleNames[rule], StringComparison.Ordinal);
            foreach (var type in atn.NextTokens(atn.ruleToStartState[rule]).ToList())
            {
                var (subject, hint) = Refusals.Of(rule, new Antlr4.Runtime.CommonToken(type, LsmSqlLexer.DefaultVocabulary.GetDisplayName(type)), null);
                Assert.NotEmpty(subject);
                Assert.NotEmpty(hint);
                refusals++;
            }
        }

        Assert.InRange(refusals, 90, 200);
        Assert.DoesNotContain(LsmSqlParser.ruleNames.Take(LsmSqlParser.RULE_refusedStatement), static name => name.StartsWith("refused", StringComparison.Ordinal));
    }
}
