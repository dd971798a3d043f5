using System.Data;

namespace LsmTree.Data.Tests.Isolation;

/// <summary>Snapshots while others commit: money moves between accounts, and every look at all of them finds all of it.</summary>
public sealed class SnapshotTests
{
    private const int Accounts = 8;
    private const int TransfersOfEach = 150;

    [Theory]
    [InlineData(IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.Serializable)]
    public void A_reader_sees_the_same_sum_whatever_is_committed(IsolationLevel level)
    {
        using var source = LsmDataSource.Create("Data Source=:memory:");
        using var connection = source.OpenConnection();
        Execute(connection, null, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER)");
        Execute(connection, null, "INSERT INTO accounts VALUES " + string.Join(", ", Enumerable.Range(0, Accounts).Select(static id => $"({id}, 100)")));

        Exception? failure = null;
        var writers = new Thread[2];
        for (var i = 0; i < writers.Length; i++)
        {
            var seed = i + 1;
            writers[i] = new Thread(() => failure = Record.Exception(() => Transfer(source, level, seed)) ?? failure);
            writers[i].Start();
        }

        do
        {
            using var transaction = connection.BeginTransaction();
            var first = Sum(connection, transaction);
            var second = Sum(connection, transaction);
            Assert.Equal((Accounts * 100L, Accounts * 100L), (first, second));
        }
        while (writers.Any(static writer => writer.IsAlive));

        Assert.Null(failure);
        Assert.Equal(2L * TransfersOfEach, Ask(connection, null, "SELECT COUNT(*) FROM accounts WHERE id >= 1000"));
        Assert.Equal(Accounts * 100L, Sum(connection, null));
    }

    /// <summary>Each transfer leaves a row of its own behind, so that none can be lost unseen; a conflict is tried again.</summary>
    private static void Transfer(LsmDataSource source, IsolationLevel level, int seed)
    {
        using var connection = source.OpenConnection();
        var random = new Random(seed);
        for (var i = 0; i < TransfersOfEach; i++)
        {
            var (from, to) = (random.Next(Accounts), random.Next(Accounts));
            var isDone = false;
            while (!isDone)
            {
                using var transaction = connection.BeginTransaction(level);
                try
                {
                    Execute(connection, transaction, $"UPDATE accounts SET balance = balance - 1 WHERE id = {from}");
                    Execute(connection, transaction, $"UPDATE accounts SET balance = balance + 1 WHERE id = {to}");
                    Execute(connection, transaction, $"INSERT INTO accounts VALUES ({(seed * 1000) + i}, 0)");
                    transaction.Commit();
                    isDone = true;
                }
                catch (LsmException error) when (error.IsTransient)
                {
                    Assert.Equal("40001", error.SqlState);
                }
            }
        }
    }

    private static long Sum(LsmConnection connection, LsmTransaction? transaction) => (long)Ask(connection, transaction, "SELECT SUM(balance) FROM accounts");

    private static object Ask(LsmConnection connection, LsmTransaction? transaction, string text)
    {
        using var command = new LsmCommand(text, connection, transaction);
        return command.ExecuteScalar()!;
    }

    private static void Execute(LsmConnection connection, LsmTransaction? transaction, string text)
    {
        using var command = new LsmCommand(text, connection, transaction);
        command.ExecuteNonQuery();
    }
}
