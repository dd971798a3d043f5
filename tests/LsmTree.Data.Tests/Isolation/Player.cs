using System.Data;

namespace LsmTree.Data.Tests.Isolation;

/// <summary>One side of an anomaly: a connection with a transaction, over the table <c>test (id, value)</c> with (1, 10) and (2, 20).</summary>
internal sealed class Player : IDisposable
{
    private readonly LsmConnection _connection;
    private readonly LsmTransaction _transaction;

    public Player(LsmDataSource source, IsolationLevel level)
    {
        _connection = source.OpenConnection();
        _transaction = _connection.BeginTransaction(level);
    }

    public IsolationLevel Level => _transaction.IsolationLevel;

    public void Set(int id, int value) => Execute($"UPDATE test SET value = {value} WHERE id = {id}");

    public void Execute(string text)
    {
        using var command = new LsmCommand(text, _connection, _transaction);
        command.ExecuteNonQuery();
    }

    public int Get(int id) => Assert.Single(Values($"id = {id}"));

    public int[] Values(string condition)
    {
        using var command = new LsmCommand($"SELECT value FROM test WHERE {condition} ORDER BY id", _connection, _transaction);
        using var reader = command.ExecuteReader();
        var values = new List<int>();
        while (reader.Read())
        {
            values.Add(reader.GetInt32(0));
        }

        return [.. values];
    }

    /// <summary>False when the commit lost to another: the error must then be the one that tells a program to try again.</summary>
    public bool TryCommit()
    {
        try
        {
            _transaction.Commit();
            return true;
        }
        catch (LsmException error)
        {
            Assert.Equal("40001", error.SqlState);
            Assert.True(error.IsTransient);
            return false;
        }
    }

    public void RollBack() => _transaction.Rollback();

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }
}
