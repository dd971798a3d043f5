using System.Data;

namespace LsmTree.Data.Tests.Ado;

public sealed class TransactionTests : IDisposable
{
    private readonly LsmDataSource _source = LsmDataSource.Create("Data Source=:memory:");
    private readonly LsmConnection _connection;

    public TransactionTests()
    {
        _connection = _source.OpenConnection();
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
        _connection.Execute("INSERT INTO t VALUES (1, 10), (2, 20)");
    }

    [Fact]
    public void Own_writes_are_read_and_others_do_not_see_them()
    {
        using var other = _source.OpenConnection();
        using var transaction = _connection.BeginTransaction();
        Execute(transaction, "UPDATE t SET v = 11 WHERE id = 1");
        Assert.Equal(11, Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
        Assert.Equal(10, other.Scalar("SELECT v FROM t WHERE id = 1"));
        transaction.Commit();
        Assert.Equal(11, other.Scalar("SELECT v FROM t WHERE id = 1"));
    }

    [Fact]
    public void The_first_committer_wins_and_the_loser_may_try_again()
    {
        using var other = _source.OpenConnection();
        using var loser = _connection.BeginTransaction();
        Execute(loser, "UPDATE t SET v = 11 WHERE id = 1");
        other.Execute("UPDATE t SET v = 12 WHERE id = 1");
        var error = Assert.Throws<LsmException>(loser.Commit);
        Assert.Equal("40001", error.SqlState);
        Assert.True(error.IsTransient);
        Assert.Null(loser.Connection);
        Assert.Equal(12, other.Scalar("SELECT v FROM t WHERE id = 1"));
        using var again = _connection.BeginTransaction();
        Execute(again, "UPDATE t SET v = v + 1 WHERE id = 1");
        again.Commit();
        Assert.Equal(13, other.Scalar("SELECT v FROM t WHERE id = 1"));
    }

    [Theory]
    [InlineData(IsolationLevel.Snapshot, false)]
    [InlineData(IsolationLevel.Serializable, true)]
    public void Only_Serializable_checks_what_was_read(IsolationLevel level, bool conflicts)
    {
        using var other = _source.OpenConnection();
        using var transaction = _connection.BeginTransaction(level);
        Assert.Equal(10, Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
        Execute(transaction, "UPDATE t SET v = 21 WHERE id = 2");
        other.Execute("UPDATE t SET v = 12 WHERE id = 1");
        Assert.Equal(conflicts, Record.Exception(transaction.Commit) is LsmException { SqlState: "40001" });
    }

    [Fact]
    public void A_failed_statement_undoes_itself_only()
    {
        using var transaction = _connection.BeginTransaction();
        Execute(transaction, "INSERT INTO t VALUES (3, 30)");
        Assert.Equal("23505", Assert.Throws<LsmException>(() => Execute(transaction, "INSERT INTO t VALUES (4, 40), (1, 0)")).SqlState);
        Assert.Equal(3L, Scalar(transaction, "SELECT COUNT(*) FROM t"));
        transaction.Commit();
        Assert.Equal(3L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Savepoints_undo_what_came_after_them()
    {
        using var transaction = _connection.BeginTransaction();
        Assert.True(transaction.SupportsSavepoints);
        Execute(transaction, "INSERT INTO t VALUES (3, 30)");
        transaction.Save("here");
        Execute(transaction, "INSERT INTO t VALUES (4, 40)");
        transaction.Rollback("here");
        Execute(transaction, "INSERT INTO t VALUES (5, 50)");
        transaction.Rollback("here");
        transaction.Release("here");
        Assert.Equal("3B001", Assert.Throws<LsmException>(() => transaction.Rollback("here")).SqlState);
        transaction.Commit();
        Assert.Equal(3L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Text_and_object_are_one_transaction()
    {
        using var transaction = _connection.BeginTransaction();
        Execute(transaction, "INSERT INTO t VALUES (3, 30); SAVEPOINT s; INSERT INTO t VALUES (4, 40); ROLLBACK TO s; COMMIT");
        Assert.Null(transaction.Connection);
        Assert.Throws<InvalidOperationException>(transaction.Commit);
        Assert.Equal(3L, _connection.Scalar("SELECT COUNT(*) FROM t"));
        _connection.Execute("BEGIN; DELETE FROM t");
        Assert.Throws<InvalidOperationException>(() => _connection.BeginTransaction());
        _connection.Execute("ROLLBACK");
        Assert.Equal(3L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_completed_transaction_on_a_command_is_refused()
    {
        var transaction = _connection.BeginTransaction();
        transaction.Commit();
        Assert.Contains("committed or rolled back", Assert.Throws<InvalidOperationException>(() => Execute(transaction, "DELETE FROM t")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("rollback")]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK")]
    [InlineData("dispose")]
    public void A_reader_that_is_open_when_its_transaction_ends_keeps_its_rows(string end)
    {
        var transaction = _connection.BeginTransaction();
        for (var id = 3; id < 2_000; id++)
        {
            Execute(transaction, $"UPSERT INTO t VALUES ({id}, {id})");
        }

        using var scan = new LsmCommand("SELECT id FROM t", _connection, transaction).ExecuteReader();
        using var point = new LsmCommand("SELECT id FROM t WHERE id = 1000", _connection, transaction).ExecuteReader();
        Assert.True(scan.Read());
        switch (end)
        {
            case "commit":
                transaction.Commit();
                break;
            case "rollback":
                transaction.Rollback();
                break;
            case "dispose":
                transaction.Dispose();
                break;
            default:
                Execute(transaction, end);
                break;
        }

        _connection.Execute("DELETE FROM t");
        var rows = 1;
        while (scan.Read())
        {
            rows++;
            Assert.Equal(rows, scan.GetInt32(0));
        }

        Assert.Equal(1_999, rows);
        Assert.True(point.Read());
        Assert.Equal(1_000, point.GetInt32(0));
    }

    [Fact]
    public void Ignore_Command_Transaction_joins_the_active_one()
    {
        using var connection = Memory.Open(";Ignore Command Transaction=true");
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        using (connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO t VALUES (1)");
            Assert.Equal(1L, connection.Scalar("SELECT COUNT(*) FROM t"));
        }

        Assert.Equal(0L, connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_transaction_moves_between_threads()
    {
        using var transaction = _connection.BeginTransaction();
        var thread = new Thread(() => Execute(transaction, "INSERT INTO t VALUES (3, 30)"));
        thread.Start();
        thread.Join();
        transaction.Commit();
        Assert.Equal(3L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public async Task Asynchronous_verbs_do_the_same()
    {
        await using var transaction = (LsmTransaction)await _connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        Execute(transaction, "INSERT INTO t VALUES (3, 30)");
        await transaction.SaveAsync("s", TestContext.Current.CancellationToken);
        Execute(transaction, "INSERT INTO t VALUES (4, 40)");
        await transaction.RollbackAsync("s", TestContext.Current.CancellationToken);
        await transaction.ReleaseAsync("s", TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _source.Dispose();
    }

    private void Execute(LsmTransaction transaction, string text) => new LsmCommand(text, _connection, transaction).ExecuteNonQuery();

    private object? Scalar(LsmTransaction transaction, string text) => new LsmCommand(text, _connection, transaction).ExecuteScalar();
}
