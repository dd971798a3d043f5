using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Databases;

internal sealed class LsmDatabase : IDatabase
{
    private readonly LsmConnection _connection = new("Data Source=:memory:");

    public LsmDatabase() => _connection.Open();

    public Dialect Dialect => Dialect.Lsm;

    public Outcome Execute(Statement statement)
    {
        try
        {
            return Execution.Run(_connection, Dialect, statement);
        }
        catch (LsmException error)
        {
            return Outcome.Failed(error.SqlState!, error.Message);
        }
    }

    public void Dispose() => _connection.Dispose();
}
