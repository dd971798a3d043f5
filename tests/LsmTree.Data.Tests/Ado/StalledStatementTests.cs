namespace LsmTree.Data.Tests.Ado;

/// <summary>Whatever waits for a flush beside plain writes ends as they do: DDL, TRUNCATE, administration, and the commit of a transaction.</summary>
public sealed class StalledStatementTests : IDisposable
{
    private const int MostRows = 4_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5); // what nothing ends would wait until then

    private readonly BlockedFlush _flush = new();
    private readonly LsmDataSource _source;
    private readonly LsmConnection _connection;
    private readonly Timer _deadline;
    private readonly byte[] _value = new byte[5_000];

    public StalledStatementTests()
    {
        _source = new LsmDataSourceBuilder("Data Source=:memory:;Memtable Size=64KB;Synchronous=Normal") { Events = _flush }.Build();
        _connection = _source.OpenConnection();
        _deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
    }

    public static TheoryData<string> Statements => new(
        "CREATE TABLE fresh (id INTEGER PRIMARY KEY)",
        "DROP TABLE spare",
        "TRUNCATE kv",
        "FLUSH",
        "COMPACT",
        "COMPACT kv",
        "CHECKPOINT TO '/copy'");

    [Theory]
    [MemberData(nameof(Statements))]
    public void Cancel_ends_the_wait_for_room(string text)
    {
        var rows = FillMemory();
        using var command = _connection.Command(text);
        _flush.Stalled = command.Cancel;

        var error = Assert.Throws<LsmException>(() => command.ExecuteNonQuery());

        Assert.Equal("57014", error.SqlState);
        AssertNothingHappened(command, rows);
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task The_token_ends_the_wait_for_room(string text)
    {
        var rows = FillMemory();
        using var command = _connection.Command(text);
        using var cancellation = new CancellationTokenSource();
        _flush.Stalled = cancellation.Cancel;

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteNonQueryAsync(cancellation.Token));

        Assert.Equal(cancellation.Token, error.CancellationToken);
        AssertNothingHappened(command, rows);
    }

    [Theory]
    [InlineData("CREATE TABLE fresh (id INTEGER PRIMARY KEY)")]
    [InlineData("FLUSH")]
    public void CommandTimeout_ends_the_wait_for_room(string text)
    {
        var rows = FillMemory();
        using var command = _connection.Command(text);
        command.CommandTimeout = 1;

        var error = Assert.Throws<LsmException>(() => command.ExecuteNonQuery());

        Assert.Equal("57014", error.SqlState);
        Assert.Contains("CommandTimeout of 1 s", error.Message, StringComparison.Ordinal);
        AssertNothingHappened(command, rows);
    }

    [Theory]
    [InlineData("FLUSH")]
    [InlineData("COMPACT")]
    [InlineData("CHECKPOINT TO '/copy'")]
    public void CommandTimeout_ends_the_wait_for_a_flush_that_has_begun(string text)
    {
        BlockNextFlush();
        using var command = _connection.Command(text);
        command.CommandTimeout = 1;

        Assert.Equal("57014", Assert.Throws<LsmException>(() => command.ExecuteNonQuery()).SqlState);

        _flush.Release();
        command.ExecuteNonQuery();
        Assert.Equal("two", _connection.Scalar("SELECT v FROM kv WHERE k = 2"));
    }

    [Theory]
    [InlineData("FLUSH")]
    [InlineData("COMPACT")]
    [InlineData("CHECKPOINT TO '/copy'")]
    public async Task Administration_waits_on_another_thread_than_that_of_an_asynchronous_call(string text)
    {
        BlockNextFlush();
        using var command = _connection.Command(text);

        var running = command.ExecuteNonQueryAsync(CancellationToken.None);
        Assert.False(running.IsCompleted); // the flush is blocked until the next line

        _flush.Release();
        Assert.Equal(-1, await running);
    }

    [Fact]
    public async Task A_copy_by_the_connection_ends_with_its_token()
    {
        FillMemory();
        using var cancellation = new CancellationTokenSource();
        _flush.Stalled = cancellation.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => _connection.CheckpointTo("/copy", cancellation.Token)));

        _flush.Release();
        _connection.CheckpointTo("/copy", CancellationToken.None);
    }

    [Fact]
    public void A_commit_ends_with_the_connections_DefaultTimeout()
    {
        var rows = FillMemory();
        _connection.DefaultTimeout = 1;
        using var transaction = Begin();

        var error = Assert.Throws<LsmException>(transaction.Commit);

        Assert.Equal("57014", error.SqlState);
        Assert.Contains("DefaultTimeout of 1 s", error.Message, StringComparison.Ordinal);
        AssertOver(transaction, rows);
    }

    [Fact]
    public async Task An_asynchronous_commit_ends_with_the_connections_DefaultTimeout()
    {
        var rows = FillMemory();
        _connection.DefaultTimeout = 1;
        using var transaction = Begin();

        Assert.Equal("57014", (await Assert.ThrowsAsync<LsmException>(() => transaction.CommitAsync())).SqlState);

        AssertOver(transaction, rows);
    }

    [Fact]
    public async Task An_asynchronous_commit_ends_with_its_token()
    {
        var rows = FillMemory();
        using var transaction = Begin();
        using var cancellation = new CancellationTokenSource();
        _flush.Stalled = cancellation.Cancel;

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transaction.CommitAsync(cancellation.Token));

        Assert.Equal(cancellation.Token, error.CancellationToken);
        AssertOver(transaction, rows);
    }

    [Fact]
    public async Task A_commit_whose_token_was_cancelled_before_leaves_the_transaction_active()
    {
        using var transaction = Begin();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transaction.CommitAsync(new CancellationToken(canceled: true)));

        await transaction.CommitAsync();
        Assert.Equal(1L, _connection.Scalar("SELECT COUNT(*) FROM kv"));
    }

    public void Dispose()
    {
        _flush.Release();
        _deadline.Dispose();
        _connection.Dispose();
        _source.Dispose();
        _flush.Dispose();
    }

    /// <summary>Writes until the next write would have to wait for a flush.</summary>
    private int FillMemory()
    {
        _connection.Execute("CREATE TABLE spare (id INTEGER PRIMARY KEY)");
        _connection.Execute("FLUSH");
        _flush.WaitUntilBlocked();
        using var command = _connection.Command("UPSERT INTO kv VALUES (@k, @v)", ("k", 0), ("v", _value));
        _flush.Stalled = command.Cancel;
        for (var i = 0; i < MostRows; i++)
        {
            command.Parameters[0].Value = i;
            if (Record.Exception(() => command.ExecuteNonQuery()) is { } error)
            {
                Assert.Equal("57014", Assert.IsType<LsmException>(error).SqlState);
                return i;
            }
        }

        throw new InvalidOperationException("The flush is not blocked.");
    }

    /// <summary>The flush thread is busy until it is released, and there is something in memory.</summary>
    private void BlockNextFlush()
    {
        _connection.Execute("INSERT INTO kv VALUES (1, 'one')");
        _connection.Execute("FLUSH");
        _flush.WaitUntilBlocked();
        _connection.Execute("INSERT INTO kv VALUES (2, 'two')");
    }

    private LsmTransaction Begin()
    {
        var transaction = _connection.BeginTransaction();
        using var command = new LsmCommand("INSERT INTO kv VALUES ('last', @v)", _connection, transaction);
        command.Parameters.AddWithValue("v", _value);
        command.ExecuteNonQuery();
        return transaction;
    }

    private void AssertNothingHappened(LsmCommand command, int rows)
    {
        Assert.Equal("kv,spare", string.Join(',', Tables()));
        _flush.Stalled = static () => { };
        _flush.Release();
        Assert.Equal((long)rows, _connection.Scalar("SELECT COUNT(*) FROM kv"));
        command.CommandTimeout = 30;
        command.ExecuteNonQuery(); // works once it may
    }

    private void AssertOver(LsmTransaction transaction, int rows)
    {
        Assert.Null(transaction.Connection);
        _flush.Release();
        Assert.Equal((long)rows, _connection.Scalar("SELECT COUNT(*) FROM kv"));
        Assert.Throws<InvalidOperationException>(transaction.Commit);
        using var next = Begin();
        next.Commit();
        Assert.Equal((long)rows + 1, _connection.Scalar("SELECT COUNT(*) FROM kv"));
    }

    private IEnumerable<string> Tables()
    {
        using var reader = _connection.Command("SHOW TABLES").ExecuteReader();
        while (reader.Read())
        {
            yield return reader.GetString(0);
        }
    }
}
