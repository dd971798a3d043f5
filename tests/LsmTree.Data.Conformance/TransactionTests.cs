namespace LsmTree.Data.Conformance;

public sealed class TransactionTests
{
    [Fact]
    public void Begin_needs_an_open_connection()
    {
        using var connection = Provider.CreateConnection();
        Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction());
    }

    [Fact]
    public void Transactions_do_not_nest()
    {
        using var connection = Provider.OpenConnection();
        using var transaction = connection.BeginTransaction();
        Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction());
    }

    [Theory]
    [InlineData(IsolationLevel.Serializable, IsolationLevel.Serializable)]
    [InlineData(IsolationLevel.Snapshot, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.Unspecified, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.RepeatableRead, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.ReadCommitted, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.ReadUncommitted, IsolationLevel.Snapshot)]
    public void The_level_that_is_given_is_reported(IsolationLevel asked, IsolationLevel given)
    {
        using var connection = Provider.OpenConnection();
        using var transaction = connection.BeginTransaction(asked);
        Assert.Equal(given, transaction.IsolationLevel);
    }

    [Fact]
    public void Chaos_is_refused()
    {
        using var connection = Provider.OpenConnection();
        Assert.Throws<ArgumentException>(() => connection.BeginTransaction(IsolationLevel.Chaos));
    }

    [Fact]
    public void Connection_is_the_one_that_began_it()
    {
        using var connection = Provider.OpenConnection();
        using var transaction = connection.BeginTransaction();
        Assert.Same(connection, transaction.Connection);
    }

    [Fact]
    public void Commit_and_Rollback_let_go_of_the_connection()
    {
        using var connection = Provider.OpenConnection();
        using (var transaction = connection.BeginTransaction())
        {
            transaction.Commit();
            Assert.Null(transaction.Connection);
        }

        using (var transaction = connection.BeginTransaction())
        {
            transaction.Rollback();
            Assert.Null(transaction.Connection);
        }
    }

    [Fact]
    public void After_Dispose_there_is_nothing_to_complete()
    {
        using var connection = Provider.OpenConnection();
        var transaction = connection.BeginTransaction();
        transaction.Dispose();
        Assert.Throws<ObjectDisposedException>(transaction.Commit);
        Assert.Throws<ObjectDisposedException>(transaction.Rollback);
    }

    [Fact]
    public void A_second_completion_is_refused()
    {
        using var connection = Provider.OpenConnection();
        using (var transaction = connection.BeginTransaction())
        {
            transaction.Commit();
            Assert.Throws<InvalidOperationException>(transaction.Commit);
            Assert.Throws<InvalidOperationException>(transaction.Rollback);
        }

        using (var transaction = connection.BeginTransaction())
        {
            transaction.Rollback();
            Assert.Throws<InvalidOperationException>(transaction.Commit);
            Assert.Throws<InvalidOperationException>(transaction.Rollback);
        }
    }

    [Fact]
    public async Task Asynchronous_completion_does_the_same()
    {
        await using var connection = Provider.OpenConnection();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await transaction.CommitAsync();
            Assert.Null(transaction.Connection);
            await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.RollbackAsync());
        }

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var task = transaction.CommitAsync(Provider.Canceled);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
            Assert.True(task.IsCanceled);
            Assert.Same(connection, transaction.Connection);
            await transaction.RollbackAsync();
        }
    }

    [Fact]
    public void Rollback_forgets_and_Commit_keeps()
    {
        using var connection = Provider.OpenConnection();
        connection.Command("CREATE TABLE t (id INTEGER PRIMARY KEY)").ExecuteNonQuery();
        Insert(connection, 1, commit: false);
        Assert.Equal(0L, connection.Command("SELECT COUNT(*) FROM t").ExecuteScalar());
        Insert(connection, 1, commit: true);
        Assert.Equal(1L, connection.Command("SELECT COUNT(*) FROM t").ExecuteScalar());
    }

    [Fact]
    public void Dispose_and_Close_roll_back()
    {
        using var source = Provider.Factory.CreateDataSource(Provider.ConnectionString);
        using var connection = source.OpenConnection();
        connection.Command("CREATE TABLE t (id INTEGER PRIMARY KEY)").ExecuteNonQuery();
        using (var transaction = connection.BeginTransaction())
        {
            Execute(connection, transaction, "INSERT INTO t VALUES (1)");
        }

        Assert.Equal(0L, connection.Command("SELECT COUNT(*) FROM t").ExecuteScalar());
        var abandoned = connection.BeginTransaction();
        Execute(connection, abandoned, "INSERT INTO t VALUES (1)");
        connection.Close();
        Assert.Null(abandoned.Connection);
        connection.Open();
        Assert.Equal(0L, connection.Command("SELECT COUNT(*) FROM t").ExecuteScalar());
    }

    private static void Insert(DbConnection connection, int id, bool commit)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, transaction, $"INSERT INTO t VALUES ({id})");
        if (commit)
        {
            transaction.Commit();
        }
        else
        {
            transaction.Rollback();
        }
    }

    private static void Execute(DbConnection connection, DbTransaction transaction, string text)
    {
        using var command = connection.Command(text);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
