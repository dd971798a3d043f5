using System.Data;

namespace LsmTree.Data.Tests.Ado;

public sealed class TransactionOptionsTests : IDisposable
{
    private readonly LsmDataSource _source = LsmDataSource.Create("Data Source=:memory:");
    private readonly LsmConnection _connection;
    private readonly LsmConnection _other;

    public TransactionOptionsTests()
    {
        _connection = _source.OpenConnection();
        _other = _source.OpenConnection();
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
        _connection.Execute("INSERT INTO t VALUES (1, 10), (2, 20)");
    }

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 10)]
    public void A_deferred_transaction_sees_the_store_as_of_its_first_statement(bool deferred, int seen)
    {
        using var transaction = _connection.BeginTransaction(deferred);
        _other.Execute("UPDATE t SET v = 11 WHERE id = 1");
        Assert.Equal(seen, Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
        _other.Execute("UPDATE t SET v = 12 WHERE id = 1");
        Assert.Equal(seen, Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_deferred_transaction_does_not_conflict_with_what_was_committed_before_its_first_statement(bool deferred, bool conflicts)
    {
        using var transaction = _connection.BeginTransaction(IsolationLevel.Serializable, deferred);
        Assert.Equal(IsolationLevel.Serializable, transaction.IsolationLevel);
        _other.Execute("UPDATE t SET v = 11 WHERE id = 1");
        Execute(transaction, "UPDATE t SET v = v + 1 WHERE id = 1");
        Assert.Equal(conflicts, Record.Exception(transaction.Commit) is LsmException { SqlState: "40001" });
        Assert.Equal(conflicts ? 11 : 12, _other.Scalar("SELECT v FROM t WHERE id = 1"));
    }

    [Fact]
    public void A_deferred_transaction_sees_the_tables_of_its_first_statement()
    {
        using var transaction = _connection.BeginTransaction(deferred: true);
        using var command = new LsmCommand("INSERT INTO u VALUES (1)", _connection, transaction);
        _other.Execute("CREATE TABLE u (id INTEGER PRIMARY KEY)");
        Assert.Equal(1, command.ExecuteNonQuery());
        transaction.Commit();
        Assert.Equal(1L, _other.Scalar("SELECT COUNT(*) FROM u"));
    }

    [Fact]
    public void A_deferred_transaction_without_statements_ends_in_every_way()
    {
        using (var committed = _connection.BeginTransaction(deferred: true))
        {
            committed.Commit();
            Assert.Null(committed.Connection);
        }

        using (var rolledBack = _connection.BeginTransaction(deferred: true))
        {
            rolledBack.Rollback();
        }

        _connection.BeginTransaction(deferred: true).Dispose();
        using var saved = _connection.BeginTransaction(deferred: true);
        saved.Save("s");
        Execute(saved, "DELETE FROM t WHERE id = 1");
        saved.Rollback("s");
        saved.Commit();
        Assert.Equal(2L, _connection.Scalar("SELECT COUNT(*) FROM t"));
        _connection.BeginTransaction(deferred: true);
        _connection.Close();
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (3, 30)")]
    [InlineData("UPSERT INTO t VALUES (1, 30)")]
    [InlineData("UPDATE t SET v = 0")]
    [InlineData("DELETE FROM t RETURNING id")]
    [InlineData("CREATE TABLE u (id INTEGER PRIMARY KEY)")]
    [InlineData("TRUNCATE TABLE t")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM t")]
    public async Task A_read_only_transaction_refuses_writes_and_goes_on(string text)
    {
        using var transaction = _connection.BeginTransaction(IsolationLevel.Snapshot, LsmTransactionOptions.ReadOnly);
        using var command = new LsmCommand(text, _connection, transaction);
        Assert.Equal("25006", Assert.Throws<LsmException>(() => command.ExecuteNonQuery()).SqlState);
        Assert.Equal("25006", (await Assert.ThrowsAsync<LsmException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).SqlState);
        Assert.Equal(2L, Scalar(transaction, "SELECT COUNT(*) FROM t"));
        transaction.Commit();
        Assert.Equal(30L, _connection.Scalar("SELECT SUM(v) FROM t"));
    }

    [Fact]
    public void A_read_only_transaction_reads_one_moment_and_ends_with_it()
    {
        using (var transaction = _connection.BeginTransaction(IsolationLevel.Unspecified, LsmTransactionOptions.ReadOnly | LsmTransactionOptions.Deferred))
        {
            Assert.Equal(10, Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
            _other.Execute("UPDATE t SET v = 11 WHERE id = 1");
            Assert.Equal(10, Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
            using var batch = new LsmBatch(_connection, transaction);
            batch.BatchCommands.Add(new LsmBatchCommand("DELETE FROM t"));
            Assert.Equal("25006", Assert.Throws<LsmException>(() => batch.ExecuteNonQuery()).SqlState);
        }

        Assert.Equal(2, _connection.Execute("DELETE FROM t"));
    }

    [Fact]
    public void Unknown_options_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _connection.BeginTransaction(IsolationLevel.Snapshot, (LsmTransactionOptions)4));

    public void Dispose()
    {
        _other.Dispose();
        _connection.Dispose();
        _source.Dispose();
    }

    private int Execute(LsmTransaction transaction, string text)
    {
        using var command = new LsmCommand(text, _connection, transaction);
        return command.ExecuteNonQuery();
    }

    private object? Scalar(LsmTransaction transaction, string text)
    {
        using var command = new LsmCommand(text, _connection, transaction);
        return command.ExecuteScalar();
    }
}
