using LsmTree.Data;

namespace LsmTree.Crash.Tests.Connections;

/// <summary>One of the ways to commit the row ('new', 1) to the table kv, which has the row ('old', 0) and is beside the empty table spare.</summary>
/// <param name="Name">What a test is called.</param>
/// <param name="CommitAsync">Commits; has not gone through any await before the commit's own.</param>
public sealed record CommitVerb(string Name, Func<LsmConnection, CancellationToken, Task> CommitAsync)
{
    private const string Insert = "INSERT INTO kv VALUES ('new', 1)";

    public static IReadOnlyList<CommitVerb> Synchronous { get; } =
    [
        new("INSERT", static (connection, _) => Now(() => Execute(connection, Insert))),
        new("INSERT ON CONFLICT", static (connection, _) => Now(() => Execute(connection, Insert + " ON CONFLICT DO NOTHING"))),
        new("UPSERT", static (connection, _) => Now(() => Execute(connection, "UPSERT INTO kv VALUES ('new', 1)"))),
        new("UPDATE", static (connection, _) => Now(() => Execute(connection, "UPDATE kv SET k = 'new', v = 1 WHERE k = 'old'"))),
        new("a reader of RETURNING", static (connection, _) => Now(() => Command(connection, Insert + " RETURNING v").ExecuteReader().Dispose())),
        new("COMMIT as text", static (connection, _) => Now(() => Execute(connection, $"BEGIN; {Insert}; COMMIT"))),
        new("LsmTransaction.Commit", static (connection, _) => Now(() => Begin(connection).Commit())),
        new("LsmBatch", static (connection, _) => Now(() => Batch(connection).ExecuteNonQuery())),
    ];

    public static IReadOnlyList<CommitVerb> Asynchronous { get; } =
    [
        new("INSERT, async", static (connection, token) => Command(connection, Insert).ExecuteNonQueryAsync(token)),
        new("UPSERT, async", static (connection, token) => Command(connection, "UPSERT INTO kv VALUES ('new', 1)").ExecuteNonQueryAsync(token)),
        new("UPDATE, async", static (connection, token) => Command(connection, "UPDATE kv SET k = 'new', v = 1 WHERE k = 'old'").ExecuteNonQueryAsync(token)),
        new("a scalar of RETURNING, async", static (connection, token) => Command(connection, Insert + " RETURNING v").ExecuteScalarAsync(token)),
        new("a reader of RETURNING, async", static (connection, token) => Command(connection, Insert + " RETURNING v").ExecuteReaderAsync(token)),
        new("COMMIT as text, async", static (connection, token) => Command(connection, $"BEGIN; {Insert}; COMMIT").ExecuteNonQueryAsync(token)),
        new("LsmTransaction.CommitAsync", static (connection, token) => Begin(connection).CommitAsync(token)),
        new("LsmBatch, async", static (connection, token) => Batch(connection).ExecuteNonQueryAsync(token)),
    ];

    public override string ToString() => Name;

    /// <summary>Makes the tables and the old row.</summary>
    public static void Prepare(LsmConnection connection)
    {
        Execute(connection, "CREATE TABLE spare (id INTEGER PRIMARY KEY)");
        Execute(connection, "INSERT INTO kv VALUES ('old', 0)");
    }

    public static LsmCommand Command(LsmConnection connection, string text) => new(text, connection, null);

    public static int Execute(LsmConnection connection, string text)
    {
        using var command = Command(connection, text);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(LsmConnection connection, string text)
    {
        using var command = Command(connection, text);
        return command.ExecuteScalar();
    }

    private static Task Now(Action commit)
    {
        commit();
        return Task.CompletedTask;
    }

    private static LsmTransaction Begin(LsmConnection connection)
    {
        var transaction = connection.BeginTransaction();
        using var command = new LsmCommand(Insert, connection, transaction);
        command.ExecuteNonQuery();
        return transaction;
    }

    private static LsmBatch Batch(LsmConnection connection)
    {
        var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand(Insert));
        batch.BatchCommands.Add(new LsmBatchCommand("UPSERT INTO kv VALUES ('old', 1)"));
        return batch;
    }
}
