namespace LsmTree.Data.Tests.Ado;

/// <summary>What is started while an asynchronous statement of its connection waits has its turn afterwards, and until then ends as it would when it runs.</summary>
public sealed class TurnTests : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1); // what nothing ends would wait until then

    private readonly BlockedFlush _flush = new();
    private readonly LsmDataSource _source;
    private readonly LsmConnection _connection;
    private readonly Timer _deadline;

    public TurnTests()
    {
        _source = new LsmDataSourceBuilder("Data Source=:memory:;Synchronous=Normal") { Events = _flush }.Build();
        _connection = _source.OpenConnection();
        _deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
    }

    public static TheoryData<string> Calls => [.. Waiting.Calls];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task The_token_ends_the_wait(string call)
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = new Waiting(_connection, "UPSERT INTO kv VALUES (2, 'never')");
        var (first, second, third) = Start(() => waiting.StartAsync(call, cancellation.Token));

        await cancellation.CancelAsync();

        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second)).CancellationToken);
        await AssertOrderAsync(first, third);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task The_timeout_ends_the_wait(string call)
    {
        var waiting = new Waiting(_connection, "UPSERT INTO kv VALUES (2, 'never')") { Timeout = 1 };
        var (first, second, third) = Start(() => waiting.StartAsync(call, CancellationToken.None));

        var error = await Assert.ThrowsAsync<LsmException>(() => second);

        Assert.Equal("57014", error.SqlState);
        Assert.Contains("CommandTimeout of 1 s", error.Message, StringComparison.Ordinal);
        await AssertOrderAsync(first, third);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Cancel_ends_the_wait(string call)
    {
        var waiting = new Waiting(_connection, "UPSERT INTO kv VALUES (2, 'never')");
        var (first, second, third) = Start(() => waiting.StartAsync(call, CancellationToken.None));

        waiting.Cancel(call);

        Assert.Equal("57014", (await Assert.ThrowsAsync<LsmException>(() => second)).SqlState);
        await AssertOrderAsync(first, third);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_has_waited_can_be_cancelled_no_more_and_runs(string call)
    {
        var waiting = new Waiting(_connection, "UPSERT INTO kv VALUES (2, 'written')");
        var (first, second, third) = Start(() => waiting.StartAsync(call, CancellationToken.None));

        _flush.Release();
        await first;
        await second;
        waiting.Cancel(call);

        Assert.Equal("written", await third);
        await waiting.StartAsync(call, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_connection_that_was_closed_during_the_wait_is_usable_when_it_is_opened_again(string call)
    {
        using var before = new CommandRun(TimeProvider.System);
        _connection.Gate.HoldTurn(before);
        var waiting = new Waiting(_connection, "SELECT 1").StartAsync(call, CancellationToken.None);
        _connection.Close();

        before.Turn!.End();

        Assert.Contains("closed", (await Assert.ThrowsAsync<InvalidOperationException>(() => waiting)).Message, StringComparison.Ordinal);
        _connection.Open();
        Assert.Equal(1, _connection.Scalar("SELECT 1"));
    }

    [Fact]
    public async Task A_commit_has_its_turn_after_what_was_started_before()
    {
        using var transaction = BeginBehindTheFlush(out var first);

        var commit = transaction.CommitAsync(CancellationToken.None);
        var read = _connection.Command("SELECT v FROM kv WHERE k = 2").ExecuteScalarAsync(CancellationToken.None);
        Assert.False(commit.IsCompleted || read.IsCompleted);

        _flush.Release();
        await first;
        await commit;
        Assert.Equal("mine", await read);
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_before_its_turn_leaves_the_transaction_active_and_says_so()
    {
        using var transaction = BeginBehindTheFlush(out var first);
        using var cancellation = new CancellationTokenSource();
        var commit = transaction.CommitAsync(cancellation.Token);

        await cancellation.CancelAsync();

        Assert.Contains("still active", (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit)).Message, StringComparison.Ordinal);
        _flush.Release();
        await first;
        await transaction.CommitAsync(CancellationToken.None);
        Assert.Equal("mine", _connection.Scalar("SELECT v FROM kv WHERE k = 2"));
    }

    [Fact]
    public async Task A_commit_waits_for_its_turn_for_as_long_as_the_DefaultTimeout()
    {
        _connection.DefaultTimeout = 1;
        using var transaction = BeginBehindTheFlush(out var first);

        var error = await Assert.ThrowsAsync<LsmException>(() => transaction.CommitAsync(CancellationToken.None));

        Assert.Equal("57014", error.SqlState);
        Assert.Contains("DefaultTimeout of 1 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("still active", error.Message, StringComparison.Ordinal);
        _flush.Release();
        await first;
        await transaction.CommitAsync(CancellationToken.None);
        Assert.Equal("mine", _connection.Scalar("SELECT v FROM kv WHERE k = 2"));
    }

    public void Dispose()
    {
        _flush.Release();
        _deadline.Dispose();
        _connection.Dispose();
        _source.Dispose();
        _flush.Dispose();
    }

    /// <summary>A statement that waits for the blocked flush, one that waits for it, and one that waits for both.</summary>
    private (Task First, Task Second, Task<object?> Third) Start(Func<Task> second)
    {
        _connection.Execute("INSERT INTO kv VALUES (1, 'one')");
        _connection.Execute("FLUSH");
        _flush.WaitUntilBlocked();
        _connection.Execute("INSERT INTO kv VALUES (2, 'two')");
        var first = _connection.Command("FLUSH").ExecuteNonQueryAsync(CancellationToken.None);
        var waiting = second();
        var third = _connection.Command("SELECT v FROM kv WHERE k = 2").ExecuteScalarAsync(CancellationToken.None);
        Assert.False(first.IsCompleted || waiting.IsCompleted || third.IsCompleted);
        return (first, waiting, third);
    }

    /// <summary>A transaction that has written, and in which a FLUSH waits for as long as the flush is blocked.</summary>
    private LsmTransaction BeginBehindTheFlush(out Task first)
    {
        _connection.Execute("INSERT INTO kv VALUES (1, 'one')");
        _connection.Execute("FLUSH");
        _flush.WaitUntilBlocked();
        _connection.Execute("INSERT INTO kv VALUES (3, 'three')");
        var transaction = _connection.BeginTransaction();
        using var insert = new LsmCommand("INSERT INTO kv VALUES (2, 'mine')", _connection, transaction);
        insert.ExecuteNonQuery();
        first = new LsmCommand("FLUSH", _connection, transaction) { CommandTimeout = 0 }.ExecuteNonQueryAsync(CancellationToken.None);
        return transaction;
    }

    private async Task AssertOrderAsync(Task first, Task<object?> third)
    {
        Assert.False(first.IsCompleted || third.IsCompleted);
        _flush.Release();
        await first;
        Assert.Equal("two", await third);
    }

    /// <summary>One text as a command and as a batch.</summary>
    private sealed class Waiting
    {
        public static readonly string[] Calls = ["ExecuteNonQuery", "ExecuteScalar", "ExecuteReader", "batch"];

        private readonly LsmCommand _command;
        private readonly LsmBatch _batch;

        public Waiting(LsmConnection connection, string text)
        {
            _command = connection.Command(text);
            _batch = connection.CreateBatch();
            _batch.BatchCommands.Add(new LsmBatchCommand(text));
        }

        public int Timeout
        {
            set
            {
                _command.CommandTimeout = value;
                _batch.Timeout = value;
            }
        }

        public Task StartAsync(string call, CancellationToken token) => call switch
        {
            "ExecuteNonQuery" => _command.ExecuteNonQueryAsync(token),
            "ExecuteScalar" => _command.ExecuteScalarAsync(token),
            "ExecuteReader" => ReadAsync(token),
            _ => _batch.ExecuteNonQueryAsync(token),
        };

        public void Cancel(string call)
        {
            if (call == "batch")
            {
                _batch.Cancel();
            }
            else
            {
                _command.Cancel();
            }
        }

        private async Task ReadAsync(CancellationToken token)
        {
            await using var reader = await _command.ExecuteReaderAsync(token);
        }
    }
}
