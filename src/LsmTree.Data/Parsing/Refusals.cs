using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>What the dialect leaves out: how it is called, and what to do instead.</summary>
internal static class Refusals
{
    private const string OneTable = "a SELECT reads one table; join in memory";
    private const string NoSubquery = "run the inner SELECT first and pass its values as parameters";
    private const string InMemory = "read the rows in key order and group them in memory";
    private const string NoConstraint = "a table has NOT NULL and one PRIMARY KEY; check the rest before writing";
    private const string NoProcedures = "send the statements themselves";

    /// <summary>A SELECT inside an expression.</summary>
    public static (string Subject, string Hint) Subquery => ("A sub-query", NoSubquery);

    /// <summary>What to say about the word that a refused rule begins with.</summary>
    /// <param name="ruleIndex">The rule.</param>
    /// <param name="token">The word.</param>
    /// <param name="previous">The token before it; null at the beginning of the text.</param>
    public static (string Subject, string Hint) Of(int ruleIndex, IToken token, IToken? previous)
    {
        var word = token.Text.ToUpperInvariant();
        var before = previous?.Text.ToUpperInvariant() ?? "";
        return ruleIndex switch
        {
            LsmSqlParser.RULE_refusedStatement => OfStatement(token.Type, word),
            LsmSqlParser.RULE_refusedMode when previous?.Type == LsmSqlLexer.OPEN => ("DISTINCT in a function", "remove doubles in memory"),
            LsmSqlParser.RULE_refusedMode => ("DISTINCT", "remove doubles in memory; key columns together have none"),
            LsmSqlParser.RULE_refusedDerivedTable => ("A table in parentheses", "a SELECT reads one table by its name; run the inner SELECT first"),
            LsmSqlParser.RULE_refusedSubquery or LsmSqlParser.RULE_refusedList => Subquery,
            LsmSqlParser.RULE_refusedAfterTable when token.Type == LsmSqlLexer.COMMA => ("FROM with several tables", OneTable),
            LsmSqlParser.RULE_refusedAfterTable => (word == "JOIN" ? word : $"{word} JOIN", OneTable),
            LsmSqlParser.RULE_refusedAfterWhere => OfAfterWhere(token.Type, word),
            LsmSqlParser.RULE_refusedAfterQuery => token.Type == LsmSqlLexer.FETCH
                ? ("FETCH", "write LIMIT")
                : ("SELECT … FOR", "a transaction detects conflicts when it commits; no row is locked"),
            LsmSqlParser.RULE_refusedAfterOrderItem => token.Type == LsmSqlLexer.NULLS
                ? ("NULLS FIRST and NULLS LAST", "NULL sorts last in ascending order")
                : ("ORDER BY … USING", "write ASC or DESC"),
            LsmSqlParser.RULE_refusedAfterLimit => ("LIMIT with two numbers", "write LIMIT count OFFSET start"),
            LsmSqlParser.RULE_refusedAfterOr => ($"INSERT OR {word}", "write ON CONFLICT DO NOTHING, or INSERT OR REPLACE"),
            LsmSqlParser.RULE_refusedSource => token.Type == LsmSqlLexer.DEFAULT
                ? ("INSERT … DEFAULT VALUES", "columns have no defaults; write VALUES")
                : ("INSERT … SELECT", "read the rows and insert them with VALUES"),
            LsmSqlParser.RULE_refusedConflictTarget => ("ON CONFLICT ON CONSTRAINT", "the only constraint is the primary key; leave it out"),
            LsmSqlParser.RULE_refusedConflictWhere => ("WHERE in ON CONFLICT", "write CASE in the values of SET"),
            LsmSqlParser.RULE_refusedConflict => ("ON DUPLICATE KEY", "write ON CONFLICT DO UPDATE SET, or UPSERT"),
            LsmSqlParser.RULE_refusedUpdateFrom => ("UPDATE … FROM", "a statement reads one table; pass the values as parameters"),
            LsmSqlParser.RULE_refusedDeleteUsing => ("DELETE … USING", "a statement reads one table; pass the values as parameters"),
            LsmSqlParser.RULE_refusedAfterChange => ($"{word} in UPDATE and DELETE", "select the keys first, or bound the key in WHERE"),
            LsmSqlParser.RULE_refusedAssignment => ("SET of several columns at once", "write a = 1, b = 2"),
            LsmSqlParser.RULE_refusedTableOption => OfTableOption(token.Type, word),
            LsmSqlParser.RULE_refusedObject => OfObject(token.Type, word, before),
            LsmSqlParser.RULE_refusedConstraint => (token.Type == LsmSqlLexer.FOREIGN ? "FOREIGN KEY" : word, NoConstraint),
            LsmSqlParser.RULE_refusedColumnConstraint => OfColumnConstraint(token.Type, word),
            LsmSqlParser.RULE_refusedAfterDrop => ("A list of tables", "write one statement for each table"),
            LsmSqlParser.RULE_refusedTransactionMode => ($"{word} in {before}", "choose the level with BeginTransaction(IsolationLevel)"),
            LsmSqlParser.RULE_refusedTruth => OfTruth(word),
            LsmSqlParser.RULE_refusedOperator => OfOperator(token.Type, word),
            LsmSqlParser.RULE_refusedOperand => token.Type == LsmSqlLexer.EXISTS
                ? ("EXISTS", NoSubquery)
                : ("DEFAULT", "columns have no defaults; write the value, or NULL"),
            LsmSqlParser.RULE_refusedAfterCall => token.Type == LsmSqlLexer.OVER
                ? ("A window function (OVER)", InMemory)
                : ("FILTER", "write CASE inside the function, or WHERE"),
            LsmSqlParser.RULE_refusedQualifier => ("A table name with a schema", "a connection has one set of tables; write the name alone"),
            _ => throw new InvalidOperationException($"Rule {ruleIndex} refuses '{word}' without a message."),
        };
    }

    private static (string Subject, string Hint) OfStatement(int type, string word) => type switch
    {
        LsmSqlLexer.ALTER => (word, "create a table of the new shape and copy the rows"),
        LsmSqlLexer.ANALYZE => (word, "there are no statistics to gather; EXPLAIN ANALYZE measures a statement"),
        LsmSqlLexer.ATTACH or LsmSqlLexer.DETACH or LsmSqlLexer.USE => (word, "open a connection for each directory, named by Data Source"),
        LsmSqlLexer.CALL or LsmSqlLexer.EXECUTE or LsmSqlLexer.DECLARE => (word, NoProcedures),
        LsmSqlLexer.COPY => (word, "write many rows in one INSERT or UPSERT"),
        LsmSqlLexer.DESCRIBE => (word, "write SHOW COLUMNS FROM t"),
        LsmSqlLexer.GRANT or LsmSqlLexer.REVOKE => (word, "who may open the directory is for the operating system to say"),
        LsmSqlLexer.LOCK => (word, "a transaction detects conflicts when it commits"),
        LsmSqlLexer.MERGE => (word, "write INSERT … ON CONFLICT, or UPSERT"),
        LsmSqlLexer.PRAGMA or LsmSqlLexer.SET => (word, "settings stand in the connection string"),
        LsmSqlLexer.TABLE => (word, "write SELECT * FROM t"),
        LsmSqlLexer.VACUUM => (word, "write COMPACT"),
        LsmSqlLexer.VALUES => ("VALUES as a statement", "write SELECT, and UNION ALL for more rows"),
        LsmSqlLexer.WITH => ("WITH", "run the inner SELECT first; a SELECT reads one table"),
        _ => ("A statement in parentheses", "leave the parentheses out"),
    };

    private static (string Subject, string Hint) OfAfterWhere(int type, string word) => type switch
    {
        LsmSqlLexer.GROUP => ("GROUP BY", InMemory),
        LsmSqlLexer.HAVING => (word, InMemory),
        LsmSqlLexer.WINDOW => (word, InMemory),
        _ => (word, "write the condition with WHERE, or compare the rows in memory"),
    };

    private static (string Subject, string Hint) OfTableOption(int type, string word) => type switch
    {
        LsmSqlLexer.AS => ("CREATE TABLE … AS", "create the table and insert the rows"),
        _ => ($"CREATE TABLE … {word}", "write the columns and the PRIMARY KEY; a table has no options"),
    };

    private static (string Subject, string Hint) OfObject(int type, string word, string before) => type switch
    {
        LsmSqlLexer.INDEX or LsmSqlLexer.UNIQUE => ($"{before} INDEX", "the primary key is the only index; keep a second table with the other key"),
        LsmSqlLexer.VIEW or LsmSqlLexer.MATERIALIZED => ($"{before} {word}", "keep the text of the SELECT in the program"),
        LsmSqlLexer.TEMPORARY => ($"{before} {word}", "use a connection with Data Source=:memory:"),
        LsmSqlLexer.OR => ($"{before} OR REPLACE", "write CREATE TABLE IF NOT EXISTS, or DROP TABLE IF EXISTS first"),
        LsmSqlLexer.SCHEMA => ($"{before} {word}", "a directory is a database, named by Data Source"),
        LsmSqlLexer.SEQUENCE => ($"{before} {word}", "count in a table of your own, inside the transaction"),
        _ => ($"{before} {word}", NoProcedures),
    };

    private static (string Subject, string Hint) OfColumnConstraint(int type, string word) => type switch
    {
        LsmSqlLexer.AUTOINCREMENT or LsmSqlLexer.GENERATED or LsmSqlLexer.IDENTITY => (word, "the program chooses the keys; a UUID or a counter of its own"),
        LsmSqlLexer.DEFAULT => (word, "name the column and its value in every INSERT"),
        LsmSqlLexer.COLLATE => (word, "TEXT is compared by code points"),
        _ => (word, NoConstraint),
    };

    private static (string Subject, string Hint) OfTruth(string word) => word == "DISTINCT"
        ? ("IS DISTINCT FROM", "write a <> b OR a IS NULL")
        : ($"IS {word}", $"write = {word}");

    private static (string Subject, string Hint) OfOperator(int type, string word) => type switch
    {
        LsmSqlLexer.ILIKE => (word, "write LOWER(a) LIKE 'p%'"),
        LsmSqlLexer.COLLATE => (word, "TEXT is compared by code points"),
        LsmSqlLexer.OTHER_OPERATOR when word == "::" => ("The operator ::", "write CAST(e AS TYPE)"),
        LsmSqlLexer.OTHER_OPERATOR when word == "==" => ("The operator ==", "write ="),
        LsmSqlLexer.OTHER_OPERATOR => ($"The operator {word}", "the operators are = <> < <= > >= + - * / % ||"),
        LsmSqlLexer.SIMILAR => ("SIMILAR TO", "write LIKE, with % and _"),
        _ => (word, "write LIKE, with % and _"),
    };
}
