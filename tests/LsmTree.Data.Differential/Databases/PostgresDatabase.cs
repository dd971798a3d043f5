using LsmTree.Data.Differential.Statements;
using Npgsql;

namespace LsmTree.Data.Differential.Databases;

/// <summary>A schema of its own in a server, dropped at the end.</summary>
/// <remarks>
/// In PostgreSQL an error ends the transaction, in LsmTree it ends the statement. A savepoint around each statement of a transaction makes the
/// two the same.
/// </remarks>
internal sealed class PostgresDatabase : IDatabase
{
    private readonly NpgsqlConnection _connection;
    private readonly string _schema;
    private bool _inTransaction;

    public PostgresDatabase(string connectionString, string schema)
    {
        _connection = new NpgsqlConnection(connectionString);
        _schema = schema;
        _connection.Open();
        Run($"CREATE SCHEMA {schema}");
        Run($"SET search_path TO {schema}");
    }

    public Dialect Dialect => Dialect.Postgres;

    public Outcome Execute(Statement statement)
    {
        if (statement.IsLsmOnly)
        {
            return new Outcome(null, null, -1, []);
        }

        var guarded = statement.Transaction == TransactionEffect.None && _inTransaction;
        if (guarded)
        {
            Run("SAVEPOINT before_statement");
        }

        try
        {
            var outcome = Execution.Run(_connection, Dialect, statement);
            _inTransaction = statement.Transaction switch { TransactionEffect.Begins => true, TransactionEffect.Ends => false, _ => _inTransaction };
            if (guarded)
            {
                Run("RELEASE before_statement");
            }

            return outcome;
        }
        catch (PostgresException error)
        {
            if (guarded)
            {
                Run("ROLLBACK TO before_statement");
                Run("RELEASE before_statement");
            }

            return Outcome.Failed(SqlStateOf(error.SqlState), error.MessageText);
        }
    }

    public void Dispose()
    {
        if (_inTransaction)
        {
            Run("ROLLBACK");
        }

        Run($"DROP SCHEMA {_schema} CASCADE");
        _connection.Dispose();
    }

    private void Run(string text)
    {
        using var command = new NpgsqlCommand(text, _connection);
        command.ExecuteNonQuery();
    }

    /// <summary>LsmTree has one code for "does not convert", where PostgreSQL has one for each type's text.</summary>
    private static string SqlStateOf(string state) => state switch
    {
        "22P02" or "22007" or "22008" => "22018",
        _ => state,
    };
}
