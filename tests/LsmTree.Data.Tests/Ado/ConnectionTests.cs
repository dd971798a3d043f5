using System.Data;
using System.Transactions;

namespace LsmTree.Data.Tests.Ado;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Concurrent_use_is_detected_and_the_message_says_what_to_do()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        using var hold = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var first = Execute(connection, null, inside, hold);
        var error = Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT 1"));
        hold.Set();
        await first;
        Assert.Contains("one connection for each thread", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public async Task Calls_on_a_transaction_while_another_thread_executes_are_refused()
    {
        using var connection = Memory.Open();
        using var transaction = connection.BeginTransaction();
        using var hold = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var first = Execute(connection, transaction, inside, hold);
        foreach (var call in (Action[])[transaction.Commit, transaction.Rollback, () => transaction.Save("s"), () => transaction.Release("s"), () => transaction.Rollback("s")])
        {
            Assert.Contains("already executing", Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
        }

        hold.Set();
        await first;
        transaction.Commit();
    }

    [Fact]
    public async Task Closing_while_another_thread_executes_is_refused_and_takes_nothing_away()
    {
        var connection = Memory.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = new LsmCommand("INSERT INTO kv VALUES (1, 'kept')", connection, transaction);
        insert.ExecuteNonQuery();
        using var other = new LsmCommand("SELECT k FROM kv", connection, transaction);
        using var reader = other.ExecuteReader();
        using var hold = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var first = Execute(connection, transaction, inside, hold);
        foreach (var call in (Action[])[connection.Close, connection.Dispose, () => connection.CloseAsync().GetAwaiter().GetResult()])
        {
            Assert.Contains("already executing", Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
        }

        hold.Set();
        await first;
        Assert.True(reader.Read());
        transaction.Commit();
        Assert.Equal("kept", connection.Scalar("SELECT v FROM kv WHERE k = 1"));
        connection.Dispose();
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void A_connection_can_be_opened_by_who_hears_that_it_closed()
    {
        using var connection = Memory.Open();
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed)
            {
                connection.Open();
                connection.Execute("INSERT INTO kv VALUES (1, 'opened again')");
            }
        };
        connection.Close();
        Assert.Equal("opened again", connection.Scalar("SELECT v FROM kv WHERE k = 1"));
    }

    [Fact]
    public async Task Statements_and_batches_started_without_awaiting_run_in_order()
    {
        using var directory = new TemporaryDirectory();
        using var connection = directory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        var tasks = new List<Task<int>>();
        for (var id = 0; id < 40; id++)
        {
            tasks.Add(connection.Command("INSERT INTO t VALUES (@id)", ("id", id)).ExecuteNonQueryAsync());
            var batch = connection.CreateBatch();
            batch.BatchCommands.Add(new LsmBatchCommand($"UPDATE t SET id = {id + 500} WHERE id = {id}"));
            tasks.Add(batch.ExecuteNonQueryAsync());
            tasks.Add(connection.Command("UPDATE t SET id = @to WHERE id = @id", ("id", id + 500), ("to", id + 1000)).ExecuteNonQueryAsync());
        }

        Assert.All(await Task.WhenAll(tasks), static affected => Assert.Equal(1, affected));
        Assert.Equal(40L, connection.Scalar("SELECT COUNT(*) FROM t WHERE id >= 1000"));
    }

    [Fact]
    public void System_Transactions_are_refused()
    {
        using var connection = Memory.Open();
        using var transaction = new CommittableTransaction();
        Assert.Throws<NotSupportedException>(() => connection.EnlistTransaction(transaction));
        connection.EnlistTransaction(null);
    }

    [Fact]
    public void A_TransactionScope_has_no_effect()
    {
        using var connection = new LsmConnection("Data Source=:memory:");
        using (new TransactionScope())
        {
            connection.Open();
            connection.Execute("INSERT INTO kv VALUES (1, 'stays')");
        }

        Assert.Equal("stays", connection.Scalar("SELECT v FROM kv WHERE k = 1"));
    }

    [Fact]
    public void A_disposed_connection_does_not_open()
    {
        var connection = Memory.Open();
        connection.Dispose();
        Assert.Throws<ObjectDisposedException>(connection.Open);
    }

    [Fact]
    public void Close_closes_every_reader()
    {
        using var connection = Memory.Open();
        var readers = Enumerable.Range(0, 5).Select(_ => connection.Command("SELECT 1").ExecuteReader()).ToList();
        readers[2].Dispose();
        connection.Close();
        Assert.All(readers, static reader => Assert.True(reader.IsClosed));
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void A_reader_keeps_its_moment_while_the_connection_writes()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        connection.Execute("INSERT INTO t VALUES (1), (2), (3)");
        using var reader = connection.Command("SELECT id FROM t").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(3, connection.Execute("DELETE FROM t"));
        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.Equal(3, reader.GetInt32(0));
        Assert.False(reader.Read());
    }

    /// <summary>A statement that another thread is inside of, until it may go on.</summary>
    private static Task Execute(LsmConnection connection, LsmTransaction? transaction, ManualResetEventSlim inside, ManualResetEventSlim mayGoOn)
    {
        var execution = Task.Run(() =>
        {
            using var slow = connection.Command("SELECT @stream");
            slow.Transaction = transaction;
            slow.Parameters.AddWithValue("stream", new GatedStream(inside, mayGoOn));
            slow.ExecuteScalar();
        });
        Assert.True(inside.Wait(TimeSpan.FromSeconds(30)));
        return execution;
    }

    /// <summary>A parameter whose value takes as long as the test wants.</summary>
    private sealed class GatedStream(ManualResetEventSlim inside, ManualResetEventSlim hold) : MemoryStream([1])
    {
        public override int Read(Span<byte> buffer)
        {
            inside.Set();
            hold.Wait(TimeSpan.FromSeconds(30));
            return base.Read(buffer);
        }
    }
}
