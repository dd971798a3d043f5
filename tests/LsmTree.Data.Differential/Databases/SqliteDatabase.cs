using LsmTree.Data.Differential.Statements;
using Microsoft.Data.Sqlite;

namespace LsmTree.Data.Differential.Databases;

internal sealed class SqliteDatabase : IDatabase
{
    private const int NotNullViolation = 1299;
    private const int KeyViolation = 1555;

    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=false");

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabase()
    {
        _connection.Open();
        using var command = new SqliteCommand("PRAGMA case_sensitive_like = ON", _connection);
        command.ExecuteNonQuery();
    }

    public Dialect Dialect => Dialect.Sqlite;

    public Outcome Execute(Statement statement)
    {
        if (statement.IsLsmOnly)
        {
            return new Outcome(null, null, -1, []);
        }

        try
        {
            return Execution.Run(_connection, Dialect, statement);
        }
        catch (SqliteException error)
        {
            return Outcome.Failed(SqlStateOf(error), error.Message);
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>SQLite has no codes for mistakes in a text: these go by what it says.</summary>
    private static string SqlStateOf(SqliteException error) => error.SqliteExtendedErrorCode switch
    {
        KeyViolation => "23505",
        NotNullViolation => "23502",
        _ when error.Message.Contains("no such table", StringComparison.Ordinal) => "42P01",
        _ when error.Message.Contains("no such column", StringComparison.Ordinal) || error.Message.Contains("has no column named", StringComparison.Ordinal) => "42703",
        _ when error.Message.Contains("no such function", StringComparison.Ordinal) => "42883",
        _ when error.Message.Contains("no such savepoint", StringComparison.Ordinal) => "3B001",
        _ when error.Message.Contains("already exists", StringComparison.Ordinal) => "42P07",
        _ when error.Message.Contains("syntax error", StringComparison.Ordinal) => "42601",
        _ when error.Message.Contains("values for", StringComparison.Ordinal) || error.Message.Contains("same number of result columns", StringComparison.Ordinal) => "42601",
        _ when error.Message.Contains("within a transaction", StringComparison.Ordinal) || error.Message.Contains("no transaction is active", StringComparison.Ordinal) => "25P01",
        _ => $"SQLite {error.SqliteExtendedErrorCode}",
    };
}
