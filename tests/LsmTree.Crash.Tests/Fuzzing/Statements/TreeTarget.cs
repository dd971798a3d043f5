using System.Text;
using LsmTree.Data;
using LsmTree.Data.Parsing;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Hostile texts as literals, names and parameters: what a statement says is the same as with a harmless one, record by record; and what was planned for a parameter is used again, the same object, whatever its value.</summary>
internal sealed class TreeTarget() : FuzzTarget("tree", 20)
{
    private const int Texts = 16;
    private const int Values = 6;
    private const string Harmless = "harmless";

    /// <summary>{s} stands for a literal and {n} for a name, both in quotes.</summary>
    private static readonly string[] s_templates =
    [
        "SELECT {s}", "SELECT v AS {n} FROM t WHERE k = {s} ORDER BY v", "SELECT {n}, {n}.v FROM {n} WHERE {n} LIKE {s} ESCAPE '!' AND k IN ('a', {s}) LIMIT 1",
        "INSERT INTO t (k, {n}) VALUES ('a', {s}), ({s}, NULL) ON CONFLICT (k) DO UPDATE SET {n} = {s} RETURNING k AS {n}", "UPDATE {n} SET v = {s} || v WHERE k <> {s} AND NOT v = 'b'",
        "DELETE FROM t WHERE v = CASE WHEN k = {s} THEN {s} ELSE 'a' END; SELECT 1", "CREATE TABLE {n} (k TEXT PRIMARY KEY, {n} INT NOT NULL)", "DROP TABLE IF EXISTS {n}; TRUNCATE {n}",
        "BEGIN; SAVEPOINT {n}; ROLLBACK TO {n}; RELEASE {n}; COMMIT", "SELECT COUNT(*) FROM t AS {n} WHERE LOWER(v) BETWEEN {s} AND {s} UNION ALL SELECT LENGTH({s})", "CHECKPOINT TO {s}",
        "EXPLAIN SELECT CAST({s} AS TEXT) AS {n} FROM {n} WHERE COALESCE(v, {s}) IS NOT NULL", "SHOW COLUMNS FROM {n}", "SELECT @p, {s} /* beside */ + 1",
    ];

    private static readonly string[] s_trees = [.. s_templates.Select(static template => SyntaxPrint.Of(SqlParser.Parse(Fill(template, Harmless, "\"\"")), Harmless))];

    private static readonly string[] s_parameterized =
    [
        "SELECT v FROM t WHERE k = @p", "SELECT COUNT(*) FROM t WHERE v LIKE @p OR k IN ('a', @p)", "UPSERT INTO t VALUES (@p, @p)", "UPDATE t SET v = @p || v WHERE k < @p AND v IS NOT NULL",
        "DELETE FROM t WHERE k = @p; SELECT COUNT(*) FROM t", "SELECT @p AS p FROM t ORDER BY k LIMIT 3", "INSERT INTO t VALUES (@p, 'x') ON CONFLICT DO NOTHING RETURNING v",
    ];

    public override long MostBytes => 64 << 20;

    public override int Execute(ref Dice dice)
    {
        for (var i = 0; i < Texts; i++)
        {
            Parse(dice.Below(s_templates.Length), Vocabulary.Hostile(ref dice), dice.Below(3) switch { 0 => "[]", 1 => "``", _ => "\"\"" });
        }

        using var connection = new LsmConnection("Data Source=:memory:;Pooling=false;Memtable Size=64KB");
        connection.Open();
        using (var command = new LsmCommand("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT)", connection))
        {
            command.ExecuteNonQuery();
        }

        for (var i = 0; i < Values; i++)
        {
            Run(connection, s_parameterized[dice.Below(s_parameterized.Length)], Vocabulary.Hostile(ref dice));
        }

        return Texts + Values;
    }

    private static void Parse(int template, string hostile, string quotes)
    {
        if (s_trees[template].Contains($"'{hostile}'", StringComparison.Ordinal))
        {
            return; // a word of the template itself, which would be left blank, too
        }

        var text = Fill(s_templates[template], hostile, quotes);
        try
        {
            var tree = SyntaxPrint.Of(SqlParser.Parse(text), hostile);
            if (tree != s_trees[template])
            {
                throw new FuzzException($"{text}{Environment.NewLine}is {tree}{Environment.NewLine}instead of {s_trees[template]}");
            }
        }
        catch (LsmException error) when (error.Code is LsmErrorCode.Syntax or LsmErrorCode.LimitExceeded && !MayStandAnywhere(hostile))
        {
            // No name may be so long, nothing may hold half a surrogate pair or a NUL.
        }
    }

    private static void Run(LsmConnection connection, string text, string hostile)
    {
        var session = connection.OpenSession();
        var script = session.Prepare(text);
        var plans = Enumerable.Range(0, script.Count).Select(statement => script.PlanOf(statement, script.Catalogue)).ToList();
        using (var command = new LsmCommand(text, connection))
        {
            command.Parameters.AddWithValue("p", hostile);
            try
            {
                command.ExecuteScalar();
            }
            catch (LsmException error) when (error.Code == LsmErrorCode.InvalidConversion && !ParameterTarget.IsWellFormed(hostile))
            {
                // Half a surrogate pair has no UTF-8.
            }
        }

        var after = session.Prepare(new string(text)); // found by its characters
        if (!ReferenceEquals(after, script) || !plans.SequenceEqual(Enumerable.Range(0, after.Count).Select(statement => after.PlanOf(statement, after.Catalogue)), ReferenceEqualityComparer.Instance))
        {
            throw new FuzzException($"{text} is planned in another way after @p was '{hostile}'");
        }
    }

    private static bool MayStandAnywhere(string text) => ParameterTarget.IsWellFormed(text) && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= SqlLimits.IdentifierBytes;

    private static string Fill(string template, string text, string quotes) => template
        .Replace("{s}", $"'{text.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal)
        .Replace("{n}", $"{quotes[0]}{text.Replace(quotes[1..], quotes[1..] + quotes[1..], StringComparison.Ordinal)}{quotes[1]}", StringComparison.Ordinal);
}
