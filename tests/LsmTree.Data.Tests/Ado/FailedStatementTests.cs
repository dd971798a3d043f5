namespace LsmTree.Data.Tests.Ado;

/// <summary>An error says which statement of a text it is of, and which command of a batch.</summary>
public sealed class FailedStatementTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public FailedStatementTests()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
        _connection.Execute("INSERT INTO t VALUES (1, 0)");
    }

    [Theory]
    [InlineData("UPSERT INTO t VALUES (2, 2) ; INSERT INTO t\n  VALUES (1, 'x' || 'y') ; SELECT 1", "INSERT INTO t\n  VALUES (1, 'x' || 'y')")]
    [InlineData("SELECT 1; SELECT * FROM missing", "SELECT * FROM missing")]
    [InlineData("SELECT 1; /* a */ SELECT id / 0 FROM t -- b", "SELECT id / 0 FROM t")]
    [InlineData("SELECT '😀'; SELECT '😀' || nothing FROM t", "SELECT '😀' || nothing FROM t")]
    [InlineData("CREATE TABLE u (id INTEGER PRIMARY KEY); SELECT x FROM u; SELECT 1", "SELECT x FROM u")]
    [InlineData("SELECT @missing", "SELECT @missing")]
    [InlineData("ROLLBACK", "ROLLBACK")]
    [InlineData("SELECT FROM WHERE", null)]
    public async Task The_statement_is_told_as_it_was_written(string text, string? statement)
    {
        using var command = _connection.Command(text);
        var token = TestContext.Current.CancellationToken;
        var isMade = text.StartsWith("CREATE", StringComparison.Ordinal);
        Func<Task>[] ways = [
            () => Task.FromResult(Drain(command)),
            () => Task.FromResult(command.ExecuteScalar()),
            () => command.ExecuteScalarAsync(token),
            async () => { await using var reader = await command.ExecuteReaderAsync(token); while (await reader.ReadAsync(token)) { _ = reader.GetValue(0); } while (await reader.NextResultAsync(token)) { while (await reader.ReadAsync(token)) { _ = reader.GetValue(0); } } }];
        foreach (var way in text.Contains("/ 0", StringComparison.Ordinal) ? [ways[0], ways[3]] : ways) // a scalar reads the first statement only
        {
            var error = await Assert.ThrowsAsync<LsmException>(way);
            Assert.Equal(statement, error.Statement);
            Assert.Null(error.BatchCommand);
            if (isMade)
            {
                _connection.Execute("DROP TABLE u");
            }
        }
    }

    [Fact]
    public void Rows_that_fail_while_they_are_read_are_those_of_their_statement()
    {
        using var reader = _connection.Command("SELECT id / v FROM t; SELECT id FROM t WHERE 1 / v = 1; SELECT 3").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("SELECT id / v FROM t", Assert.Throws<LsmException>(() => reader.GetValue(0)).Statement);
        Assert.True(reader.NextResult());
        var error = Assert.Throws<LsmException>(() => reader.Read());
        Assert.Equal("22012", error.SqlState);
        Assert.Equal("SELECT id FROM t WHERE 1 / v = 1", error.Statement);
    }

    [Fact]
    public void An_error_of_a_batch_has_its_command()
    {
        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("INSERT INTO t VALUES (5, 5)"));
        var second = new LsmBatchCommand("SELECT 1; INSERT INTO t VALUES (1, 1)");
        batch.BatchCommands.Add(second);
        var error = Assert.Throws<LsmException>(() => batch.ExecuteNonQuery());
        Assert.Same(second, error.BatchCommand);
        Assert.Same(second, ((System.Data.Common.DbException)error).BatchCommand);
        Assert.Equal("INSERT INTO t VALUES (1, 1)", error.Statement);
        second.CommandText = "SELEKT";
        error = Assert.Throws<LsmException>(() => batch.ExecuteNonQuery());
        Assert.Same(second, error.BatchCommand);
        Assert.Null(error.Statement);
    }

    [Fact]
    public void An_error_of_a_commit_is_of_no_statement()
    {
        using var source = LsmDataSource.Create("Data Source=:memory:");
        using var one = source.OpenConnection();
        using var other = source.OpenConnection();
        using var transaction = one.BeginTransaction();
        using var command = new LsmCommand("UPSERT INTO kv VALUES (1, 1)", one, transaction);
        command.ExecuteNonQuery();
        other.Execute("UPSERT INTO kv VALUES (1, 2)");
        Assert.Null(Assert.Throws<LsmException>(transaction.Commit).Statement);
    }

    public void Dispose() => _connection.Dispose();

    private static object? Drain(LsmCommand command)
    {
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
                _ = reader.GetValue(0);
            }
        }
        while (reader.NextResult());
        return null;
    }
}
