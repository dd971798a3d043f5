namespace LsmTree.Data.Tests.Ado;

/// <summary>A write that waits for a flush ends with its CommandTimeout, with Cancel and with its token, and has written nothing.</summary>
public sealed class StalledWriteTests : IDisposable
{
    private const int MostRows = 4_000; // 20 MB, where memtables of 64 KiB may hold a few hundred: the stall comes long before
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5); // a write that nothing ends would wait until then

    private readonly BlockedFlush _flush = new();
    private readonly LsmDataSource _source;
    private readonly LsmConnection _connection;
    private readonly byte[] _value = new byte[5_000];

    public StalledWriteTests()
    {
        _source = new LsmDataSourceBuilder("Data Source=:memory:;Memtable Size=64KB") { Events = _flush }.Build();
        _connection = _source.OpenConnection();
    }

    /// <summary>Each by its own way to the commit.</summary>
    public static TheoryData<string> Statements => new(
        "INSERT INTO kv VALUES (@k, @v)",
        "UPSERT INTO kv VALUES (@k, @v)",
        "INSERT INTO kv VALUES (@k, @v) ON CONFLICT DO NOTHING",
        "BEGIN; UPSERT INTO kv VALUES (@k, @v); COMMIT");

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_stalled_statement_ends_with_its_CommandTimeout(string text)
    {
        using var command = _connection.Command(text, ("k", 0), ("v", _value));
        command.CommandTimeout = 1;
        var (written, error) = WriteUntilItFails(command, static _ => { });
        Assert.Equal("57014", Assert.IsType<LsmException>(error).SqlState);
        Assert.Contains("CommandTimeout", error.Message, StringComparison.Ordinal);
        AssertHolds(written);
    }

    [Fact]
    public void A_stalled_statement_ends_when_it_is_cancelled()
    {
        using var command = _connection.Command("UPSERT INTO kv VALUES (@k, @v)", ("k", 0), ("v", _value));
        var (written, error) = WriteUntilItFails(command, static stalled => stalled.Cancel());
        Assert.Equal("57014", Assert.IsType<LsmException>(error).SqlState);
        AssertHolds(written);
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_stalled_asynchronous_statement_ends_with_its_token(string text)
    {
        using var command = _connection.Command(text, ("k", 0), ("v", _value));
        using var cancellation = new CancellationTokenSource();
        var (written, error) = await WriteUntilItFailsAsync(command, _ => cancellation.Cancel(), cancellation.Token);
        Assert.Equal(cancellation.Token, Assert.IsType<OperationCanceledException>(error, exactMatch: false).CancellationToken);
        AssertHolds(written);
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_stalled_asynchronous_statement_ends_with_its_CommandTimeout(string text)
    {
        using var command = _connection.Command(text, ("k", 0), ("v", _value));
        command.CommandTimeout = 1;
        var (written, error) = await WriteUntilItFailsAsync(command, static _ => { }, CancellationToken.None);
        Assert.Equal("57014", Assert.IsType<LsmException>(error).SqlState);
        AssertHolds(written);
    }

    [Fact]
    public async Task A_stalled_asynchronous_batch_ends_with_its_token()
    {
        using var cancellation = new CancellationTokenSource();
        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("UPSERT INTO kv VALUES (@k, @v)"));
        batch.BatchCommands[0].Parameters.AddWithValue("k", 0);
        batch.BatchCommands[0].Parameters.AddWithValue("v", _value);
        using var deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
        _flush.Stalled = cancellation.Cancel;
        var written = 0;
        Exception? error = null;
        while (error is null && written < MostRows)
        {
            batch.BatchCommands[0].Parameters[0].Value = written;
            error = await Record.ExceptionAsync(() => batch.ExecuteNonQueryAsync(cancellation.Token));
            written += error is null ? 1 : 0;
        }

        Assert.Equal(cancellation.Token, Assert.IsType<OperationCanceledException>(error, exactMatch: false).CancellationToken);
        AssertHolds(written);
    }

    public void Dispose()
    {
        _flush.Release();
        _connection.Dispose();
        _source.Dispose();
        _flush.Dispose();
    }

    private (int Written, Exception? Error) WriteUntilItFails(LsmCommand command, Action<LsmCommand> whenStalled)
    {
        using var deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
        _flush.Stalled = () => whenStalled(command);
        for (var i = 0; i < MostRows; i++)
        {
            command.Parameters[0].Value = i;
            if (Record.Exception(() => command.ExecuteNonQuery()) is { } error)
            {
                return (i, error);
            }
        }

        return (MostRows, null);
    }

    private async Task<(int Written, Exception? Error)> WriteUntilItFailsAsync(LsmCommand command, Action<LsmCommand> whenStalled, CancellationToken cancellation)
    {
        using var deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
        _flush.Stalled = () => whenStalled(command);
        for (var i = 0; i < MostRows; i++)
        {
            command.Parameters[0].Value = i;
            if (await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync(cancellation)) is { } error)
            {
                return (i, error);
            }
        }

        return (MostRows, null);
    }

    private void AssertHolds(int rows)
    {
        _flush.Release();
        Assert.Equal((long)rows, _connection.Scalar("SELECT COUNT(*) FROM kv"));
        _connection.Execute("INSERT INTO kv VALUES (@k, 'goes on')", ("k", rows));
        Assert.Equal("goes on", _connection.Scalar("SELECT v FROM kv WHERE k = @k", ("k", rows)));
    }
}
