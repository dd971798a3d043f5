using LsmTree.Data.Parsing;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Diagnostics;

/// <summary>What a text does, in few words: there are few different ones, so that metrics can be told apart by them.</summary>
/// <param name="Operation">SELECT, INSERT, CREATE TABLE, BATCH …; null for a text of several different operations, or one that could not be read.</param>
/// <param name="Collection">The table, when there is one and no other.</param>
/// <param name="Summary">Operations and tables in order, such as "SELECT packages"; empty for a text that could not be read.</param>
/// <param name="Text">The text itself, with '?' for its literals unless it has parameters; null when it could not be read.</param>
/// <param name="BatchSize">The commands of a batch; 0 for anything else.</param>
internal sealed record StatementSummary(string? Operation, string? Collection, string Summary, string? Text, int BatchSize = 0)
{
    /// <summary>The longest summary, in UTF-16 units, as the conventions have it.</summary>
    private const int LongestSummary = 255;

    public static readonly StatementSummary Unreadable = new(null, null, "", null);

    public static readonly StatementSummary Commit = new("COMMIT", null, "COMMIT", "COMMIT");

    public static StatementSummary Of(string text, Script script)
    {
        var operations = new HashSet<string>(StringComparer.Ordinal);
        var tables = new HashSet<string>(StringComparer.Ordinal);
        var words = new List<string>();
        var length = 0;
        foreach (var statement in script.Statements)
        {
            var operation = OperationOf(statement);
            operations.Add(operation);
            Say(operation);
            foreach (var table in TablesOf(statement))
            {
                tables.Add(table.Name);
                Say(table.Name);
            }
        }

        var hasParameters = script.ParameterNames.Count > 0 || script.PositionalCount > 0;
        return new StatementSummary(Only(operations), Only(tables), string.Join(' ', words), hasParameters ? text : QueryText.WithoutLiterals(text));

        void Say(string word)
        {
            length += word.Length + 1;
            if (length <= LongestSummary)
            {
                words.Add(word);
            }
        }
    }

    public static StatementSummary OfBatch(int commands) => new("BATCH", null, "BATCH", null, commands);

    private static string? Only(HashSet<string> words) => words.Count == 1 ? words.First() : null;

    private static string OperationOf(Statement statement) => statement switch
    {
        SelectStatement => "SELECT",
        InsertStatement { Conflict: ConflictAction.Overwrite } => "UPSERT",
        InsertStatement => "INSERT",
        UpdateStatement => "UPDATE",
        DeleteStatement => "DELETE",
        CreateTableStatement => "CREATE TABLE",
        DropTableStatement => "DROP TABLE",
        TruncateTableStatement => "TRUNCATE TABLE",
        BeginStatement => "BEGIN",
        CommitStatement => "COMMIT",
        RollbackStatement => "ROLLBACK",
        SavepointStatement => "SAVEPOINT",
        ReleaseStatement => "RELEASE",
        ExplainStatement => "EXPLAIN",
        ShowStatement => "SHOW",
        FlushStatement => "FLUSH",
        CompactStatement => "COMPACT",
        CheckpointStatement => "CHECKPOINT",
        VerifyStatement => "VERIFY",
        _ => throw new InvalidOperationException($"{statement.GetType().Name} has no name as an operation."),
    };

    private static IEnumerable<TableName> TablesOf(Statement statement) => statement switch
    {
        SelectStatement select => select.Cores.Select(static core => core.Table).OfType<TableName>(),
        InsertStatement insert => [insert.Table],
        UpdateStatement update => [update.Table],
        DeleteStatement delete => [delete.Table],
        CreateTableStatement create => [create.Table],
        DropTableStatement drop => [drop.Table],
        TruncateTableStatement truncate => [truncate.Table],
        ExplainStatement explain => TablesOf(explain.Explained),
        ShowStatement { Table: { } table } => [table],
        CompactStatement { Table: { } table } => [table],
        _ => [],
    };
}
