using System.Data.Common;

namespace LsmTree.Data.Tests.Ado;

public sealed class BatchTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public BatchTests() => _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");

    [Fact]
    public void SchemaOnly_writes_nothing()
    {
        using var connection = Memory.Open();
        using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("INSERT INTO kv VALUES (1, 2)"));
        batch.BatchCommands.Add(new LsmBatchCommand("SELECT v FROM kv"));
        using (var reader = batch.ExecuteReader(System.Data.CommandBehavior.SchemaOnly))
        {
            Assert.Equal("v", reader.GetName(0));
            Assert.False(reader.Read());
        }

        Assert.Equal(0L, connection.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void A_batch_writes_all_or_nothing()
    {
        using var good = Batch("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "UPDATE t SET v = 'c' WHERE id = 2", "DELETE FROM t WHERE id = 99");
        Assert.Equal(3, good.ExecuteNonQuery());
        Assert.Equal([2, 1, 0], good.BatchCommands.Select(static command => command.RecordsAffected));
        using var bad = Batch("INSERT INTO t VALUES (3, 'd')", "INSERT INTO t VALUES (1, 'again')");
        Assert.Equal("23505", Assert.Throws<LsmException>(() => bad.ExecuteNonQuery()).SqlState);
        Assert.Equal(2L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_batch_is_one_commit()
    {
        var before = _connection.Store.GetStatistics().Commits;
        using var batch = _connection.CreateBatch();
        for (var id = 0; id < 100; id++)
        {
            var command = new LsmBatchCommand("UPSERT INTO t VALUES (@id, @v)");
            command.Parameters.AddWithValue("@id", id);
            command.Parameters.AddWithValue("@v", $"value {id}");
            batch.BatchCommands.Add(command);
        }

        Assert.Equal(100, batch.ExecuteNonQuery());
        Assert.Equal(before + 1, _connection.Store.GetStatistics().Commits);
        Assert.Equal("value 42", _connection.Scalar("SELECT v FROM t WHERE id = 42"));
    }

    [Fact]
    public async Task A_batch_reads_its_own_writes()
    {
        using var batch = Batch("INSERT INTO t VALUES (1, 'a')", "SELECT v FROM t", "INSERT INTO t VALUES (2, 'b')", "SELECT COUNT(*) FROM t");
        await using var reader = await batch.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, reader.RecordsAffected);
        Assert.True(reader.Read());
        Assert.Equal("a", reader.GetString(0));
        Assert.False(reader.Read());
        Assert.True(reader.NextResult());
        Assert.True(reader.Read());
        Assert.Equal(2L, reader.GetInt64(0));
        Assert.False(reader.NextResult());
    }

    [Fact]
    public async Task The_scalar_of_a_batch_is_the_first_value()
    {
        Assert.Equal(1, Batch("SELECT 1", "SELECT 2").ExecuteScalar());
        Assert.Equal(1, await Batch("SELECT 1", "SELECT 2").ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Null(Batch("SELECT 1 WHERE 0 = 1").ExecuteScalar());
        Assert.Equal(1, await Batch("INSERT INTO t VALUES (1, 'a')").ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_batch_joins_the_active_transaction()
    {
        using (var transaction = _connection.BeginTransaction())
        {
            using var batch = Batch("INSERT INTO t VALUES (1, 'a')", "SELECT COUNT(*) FROM t");
            Assert.Throws<InvalidOperationException>(() => batch.ExecuteNonQuery());
            batch.Transaction = transaction;
            Assert.Equal(1L, batch.ExecuteScalar());
            transaction.Rollback();
        }

        Assert.Equal(0L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Theory]
    [InlineData("COMMIT", false)]
    [InlineData("END", false)]
    [InlineData("ROLLBACK", false)]
    [InlineData("COMMIT", true)]
    [InlineData("ROLLBACK", true)]
    public async Task A_batch_does_not_end_the_transaction_that_it_joins(string end, bool isAsync)
    {
        using var transaction = _connection.BeginTransaction();
        Execute(transaction, "INSERT INTO t VALUES (1, 'before')");
        using var batch = Batch("INSERT INTO t VALUES (2, 'batch')", end, "INSERT INTO t VALUES (3, 'would commit by itself')");
        batch.Transaction = transaction;

        var error = isAsync
            ? await Assert.ThrowsAsync<InvalidOperationException>(() => batch.ExecuteNonQueryAsync(CancellationToken.None))
            : Assert.Throws<InvalidOperationException>(() => batch.ExecuteNonQuery());

        Assert.Contains("leave COMMIT and ROLLBACK out", error.Message, StringComparison.Ordinal);
        Assert.Same(_connection, transaction.Connection);
        transaction.Commit();
        Assert.Equal(1L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_batch_that_fails_is_undone_and_the_transaction_that_it_has_joined_goes_on()
    {
        using var transaction = _connection.BeginTransaction();
        Execute(transaction, "INSERT INTO t VALUES (1, 'before')");
        transaction.Save("mine");
        using var batch = Batch(
            "CREATE TABLE made (id INTEGER PRIMARY KEY)",
            "INSERT INTO made VALUES (1)",
            "RELEASE SAVEPOINT mine; SAVEPOINT its_own",
            "UPDATE t SET v = 'changed'",
            "INSERT INTO t VALUES (1, 'again')");
        batch.Transaction = transaction;

        Assert.Equal("23505", Assert.Throws<LsmException>(() => batch.ExecuteNonQuery()).SqlState);

        Assert.Equal("before", Scalar(transaction, "SELECT v FROM t WHERE id = 1"));
        Assert.Equal("42P01", Assert.Throws<LsmException>(() => Execute(transaction, "SELECT * FROM made")).SqlState);
        Assert.Equal("3B001", Assert.Throws<LsmException>(() => transaction.Rollback("its_own")).SqlState);
        transaction.Rollback("mine");
        Execute(transaction, "INSERT INTO t VALUES (2, 'after')");
        transaction.Commit();
        Assert.Equal(2L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_batch_does_not_roll_back_what_was_before_it()
    {
        using var transaction = _connection.BeginTransaction();
        transaction.Save("mine");
        Execute(transaction, "INSERT INTO t VALUES (1, 'before')");
        using var batch = Batch("INSERT INTO t VALUES (2, 'batch')", "ROLLBACK TO mine");
        batch.Transaction = transaction;

        var error = Assert.Throws<LsmException>(() => batch.ExecuteNonQuery());

        Assert.Equal(LsmErrorCode.InvalidTransactionState, error.Code);
        Assert.Contains("before this batch", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, Scalar(transaction, "SELECT COUNT(*) FROM t"));
        transaction.Rollback("mine");
        Assert.Equal(0L, Scalar(transaction, "SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_savepoint_of_before_a_batch_can_be_rolled_back_to_after_it()
    {
        using var transaction = _connection.BeginTransaction();
        transaction.Save("mine");
        using var batch = Batch("INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (2, 'b')");
        batch.Transaction = transaction;
        Assert.Equal(2, batch.ExecuteNonQuery());
        transaction.Rollback("mine");
        Assert.Equal(0L, Scalar(transaction, "SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_batch_that_releases_a_savepoint_of_before_it_may_roll_back_to_its_own()
    {
        using var transaction = _connection.BeginTransaction();
        transaction.Save("first");
        transaction.Save("a");
        using var batch = Batch("RELEASE a", "SAVEPOINT b", "INSERT INTO t VALUES (1, 'undone')", "ROLLBACK TO b", "INSERT INTO t VALUES (2, 'stays')");
        batch.Transaction = transaction;
        Assert.Equal(2, batch.ExecuteNonQuery());
        Assert.Equal("stays", Scalar(transaction, "SELECT v FROM t"));

        using var tooFar = Batch("RELEASE b", "SAVEPOINT c", "ROLLBACK TO first");
        tooFar.Transaction = transaction;
        Assert.Equal(LsmErrorCode.InvalidTransactionState, Assert.Throws<LsmException>(() => tooFar.ExecuteNonQuery()).Code);
        transaction.Rollback("b"); // which the batch that has failed did not release
        transaction.Rollback("first");
        Assert.Equal(0L, Scalar(transaction, "SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_batch_without_commands_or_connection_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => _connection.CreateBatch().ExecuteNonQuery());
        Assert.Throws<InvalidOperationException>(() => new LsmBatch().ExecuteNonQuery());
        Assert.Throws<InvalidOperationException>(() => Batch("").ExecuteNonQuery());
        Assert.Throws<InvalidOperationException>(() => Batch("COMMIT").ExecuteNonQuery());
        Assert.Equal(0L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Theory]
    [InlineData("COMMIT", false)]
    [InlineData("ROLLBACK", false)]
    [InlineData("END", false)]
    [InlineData("COMMIT", true)]
    [InlineData("ROLLBACK", true)]
    [InlineData("END", true)]
    public async Task A_batch_that_commits_by_itself_writes_nothing(string end, bool isAsync)
    {
        using var batch = Batch("UPSERT INTO t VALUES (1, 'a')", $"UPSERT INTO t VALUES (2, 'b'); {end}", "UPSERT INTO t VALUES (3, 'c')");
        var error = isAsync
            ? await Assert.ThrowsAsync<InvalidOperationException>(() => batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))
            : Assert.Throws<InvalidOperationException>(() => batch.ExecuteNonQuery());
        Assert.Contains("leave COMMIT and ROLLBACK out", error.Message, StringComparison.Ordinal);
        Assert.Equal(0L, _connection.Scalar("SELECT COUNT(*) FROM t"));
        Assert.Throws<LsmException>(() => _connection.Execute("COMMIT")); // no transaction is left behind
    }

    [Fact]
    public void A_batch_may_roll_back_to_a_savepoint_of_its_own()
    {
        using var batch = Batch("UPSERT INTO t VALUES (1, 'a')", "SAVEPOINT s", "UPSERT INTO t VALUES (2, 'b')", "ROLLBACK TO s");
        batch.ExecuteNonQuery();
        Assert.Equal(1L, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Prepare_shows_mistakes()
    {
        using var batch = Batch("SELECT 1", "SELEKT 2");
        Assert.Throws<LsmException>(batch.Prepare);
    }

    [Fact]
    public async Task A_cancelled_token_gives_a_cancelled_task()
    {
        var task = Batch("SELECT 1").ExecuteNonQueryAsync(new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
    }

    [Fact]
    public void The_collection_is_a_list()
    {
        DbBatchCommandCollection commands = new LsmBatch().BatchCommands;
        var one = new LsmBatchCommand("SELECT 1");
        var two = new LsmBatchCommand("SELECT 2");
        commands.Add(two);
        commands.Insert(0, one);
        Assert.Equal([one, two], commands);
        Assert.Equal(1, commands.IndexOf(two));
        Assert.Contains(one, commands);
        commands[1] = one;
        Assert.True(commands.Remove(one));
        commands.RemoveAt(0);
        Assert.Empty(commands);
        Assert.Throws<ArgumentNullException>(() => commands.Add(null!));
    }

    public void Dispose() => _connection.Dispose();

    private static int Execute(LsmTransaction transaction, string text)
    {
        using var command = new LsmCommand(text, transaction.Connection, transaction);
        return command.ExecuteNonQuery();
    }

    private static object? Scalar(LsmTransaction transaction, string text)
    {
        using var command = new LsmCommand(text, transaction.Connection, transaction);
        return command.ExecuteScalar();
    }

    private LsmBatch Batch(params string[] texts)
    {
        var batch = _connection.CreateBatch();
        foreach (var text in texts)
        {
            batch.BatchCommands.Add(new LsmBatchCommand(text));
        }

        return batch;
    }
}
