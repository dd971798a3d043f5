using System.Data;

namespace LsmTree.Data.Tests.Dapper;

/// <summary>A store in memory with a table of users, for one test class instance.</summary>
public sealed class DapperConnection : IDisposable
{
    public DapperConnection()
    {
        Source = LsmDataSource.Create("Data Source=:memory:");
        Connection = Source.OpenConnection();
        using var command = Connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER, role SMALLINT);
            INSERT INTO users VALUES (1, 'Ann', 30, 1), (2, 'Ben', NULL, 2), (3, 'Cem', 50, 1);
            """;
        command.ExecuteNonQuery();
    }

    public LsmDataSource Source { get; }

    public LsmConnection Connection { get; }

    public IDbConnection Closed => Source.CreateConnection();

    public void Dispose()
    {
        Connection.Dispose();
        Source.Dispose();
    }
}
