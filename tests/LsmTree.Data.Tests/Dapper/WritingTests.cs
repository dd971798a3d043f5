using System.Data;
using Dapper;

namespace LsmTree.Data.Tests.Dapper;

public sealed class WritingTests : IDisposable
{
    private readonly DapperConnection _fixture = new();

    private LsmConnection Connection => _fixture.Connection;

    [Fact]
    public void A_list_is_executed_item_by_item()
    {
        var users = Enumerable.Range(10, 50).Select(static id => new { id, name = $"user {id}", age = id % 2 == 0 ? (int?)id : null });
        Assert.Equal(50, Connection.Execute("INSERT INTO users (id, name, age) VALUES (@id, @name, @age)", users));
        Assert.Equal(53, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users"));
        Assert.Equal(25 + 2, Connection.ExecuteScalar<int>("SELECT COUNT(age) FROM users"));
    }

    [Fact]
    public void A_list_in_a_transaction_is_all_or_nothing()
    {
        using (var transaction = Connection.BeginTransaction())
        {
            Connection.Execute("INSERT INTO users (id, name) VALUES (@id, 'x')", Enumerable.Range(10, 5).Select(static id => new { id }), transaction);
            Assert.Equal(8, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users", transaction: transaction));
            transaction.Rollback();
        }

        Assert.Equal(3, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users"));
    }

    [Fact]
    public void A_transaction_begins_and_ends_by_texts_of_one_word()
    {
        Connection.Execute("BEGIN");
        Connection.Execute("DELETE FROM users WHERE id = 1");
        Connection.Execute("ROLLBACK");
        foreach (var (end, id) in new[] { ("COMMIT", 2), ("END", 3) })
        {
            Connection.Execute("BEGIN");
            Connection.Execute("DELETE FROM users WHERE id = @id", new { id });
            Connection.Execute(end);
        }

        Assert.Equal(1, Connection.QuerySingle<int>("SELECT id FROM users"));
    }

    [Fact]
    public void A_forgotten_transaction_is_told_how_to_pass_it()
    {
        using var transaction = Connection.BeginTransaction();
        var error = Assert.Throws<InvalidOperationException>(() => Connection.Execute("DELETE FROM users"));
        Assert.Contains("transaction: tx", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FLUSH")]
    [InlineData("COMPACT")]
    public void Statements_of_one_word_are_executed(string text) => Connection.Execute(text);

    [Fact]
    public void BEGIN_and_COMMIT_are_executed_as_text()
    {
        Connection.Execute("BEGIN");
        Connection.Execute("DELETE FROM users");
        Connection.Execute("ROLLBACK");
        Assert.Equal(3, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users"));
        Connection.Execute("BEGIN");
        Connection.Execute("DELETE FROM users");
        Connection.Execute("COMMIT");
        Assert.Equal(0, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users"));
    }

    [Fact]
    public void RETURNING_gives_rows()
    {
        Assert.Equal([31, 51], Connection.Query<int>("UPDATE users SET age = age + 1 WHERE age IS NOT NULL RETURNING age"));
        Assert.Equal("Ben", Connection.QuerySingle<string>("DELETE FROM users WHERE id = @id RETURNING name", new { id = 2 }));
    }

    [Fact]
    public void UPSERT_writes_new_and_old_rows()
    {
        Assert.Equal(2, Connection.Execute("UPSERT INTO users (id, name) VALUES (@id, @name)", new[] { new { id = 1, name = "Anna" }, new { id = 4, name = "Dan" } }));
        Assert.Equal(["Anna", "Ben", "Cem", "Dan"], Connection.Query<string>("SELECT name FROM users ORDER BY id"));
    }

    [Fact]
    public async Task Asynchronous_calls_do_the_same()
    {
        Assert.Equal(1, await Connection.ExecuteAsync("INSERT INTO users (id, name) VALUES (4, 'Dan')"));
        Assert.Equal(4, (await Connection.QueryAsync<User>("SELECT * FROM users")).Count());
        Assert.Equal("Dan", await Connection.QuerySingleAsync<string>("SELECT name FROM users WHERE id = @id", new { id = 4 }));
        Assert.Equal("Ann", await Connection.QueryFirstAsync<string>("SELECT name FROM users"));
        Assert.Null(await Connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM users WHERE id = 99"));
        Assert.Equal(4, await Connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM users"));
        Assert.Equal(2, await Connection.ExecuteAsync("DELETE FROM users WHERE id = @id", new[] { new { id = 1 }, new { id = 2 } }));
        await using var grid = await Connection.QueryMultipleAsync("SELECT 1; SELECT 2");
        Assert.Equal(1, await grid.ReadSingleAsync<int>());
        Assert.Equal(2, await grid.ReadSingleAsync<int>());
    }

    [Fact]
    public async Task An_unbuffered_asynchronous_query_streams()
    {
        var names = new List<string>();
        await foreach (var name in Connection.QueryUnbufferedAsync<string>("SELECT name FROM users"))
        {
            names.Add(name);
        }

        Assert.Equal(["Ann", "Ben", "Cem"], names);
    }

    [Fact]
    public async Task A_pipelined_list_is_executed_in_order()
    {
        using var directory = new Ado.TemporaryDirectory();
        await using var connection = directory.Open();
        await connection.ExecuteAsync("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        var command = new CommandDefinition("INSERT INTO t VALUES (@id)", Enumerable.Range(0, 30).Select(static id => new { id }), flags: CommandFlags.Pipelined);
        Assert.Equal(30, await connection.ExecuteAsync(command));
        Assert.Equal(30, await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public async Task A_cancelled_token_cancels()
    {
        var command = new CommandDefinition("SELECT * FROM users", cancellationToken: new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Connection.QueryAsync<User>(command));
    }

    [Fact]
    public async Task A_closed_connection_is_opened_for_an_asynchronous_call()
    {
        using var closed = (LsmConnection)_fixture.Closed;
        Assert.Equal(3, await closed.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM users"));
        Assert.Equal(ConnectionState.Closed, closed.State);
    }

    public void Dispose() => _fixture.Dispose();
}
