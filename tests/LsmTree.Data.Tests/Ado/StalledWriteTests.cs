namespace LsmTree.Data.Tests.Ado;

/// <summary>A write that waits for a flush ends with its CommandTimeout, with Cancel and with its token, and has written nothing.</summary>
public sealed class StalledWriteTests : IDisposable
{
    private const int MostRows = 4_000; // 20 MB, where memtables of 64 KiB may hold a few hundred: the stall comes long before
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30); // a write that nothing ends would wait until then

    private readonly BlockedFlush _flush = new();
    private readonly LsmDataSource _source;
    private readonly LsmConnection _connection;
    private readonly byte[] _value = new byte[5_000];

    public StalledWriteTests()
    {
        _source = new LsmDataSourceBuilder("Data Source=:memory:;Memtable Size=64KB;Synchronous=Normal") { Events = _flush }.Build();
        _connection = _source.OpenConnection();
    }

    [Theory]
    [InlineData("INSERT INTO kv VALUES (@k, @v)")]
    [InlineData("UPSERT INTO kv VALUES (@k, @v)")]
    [InlineData("INSERT INTO kv VALUES (@k, @v) ON CONFLICT DO NOTHING")]
    [InlineData("BEGIN; UPSERT INTO kv VALUES (@k, @v); COMMIT")]
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

    private void AssertHolds(int rows)
    {
        _flush.Release();
        Assert.Equal((long)rows, _connection.Scalar("SELECT COUNT(*) FROM kv"));
        _connection.Execute("INSERT INTO kv VALUES (@k, 'goes on')", ("k", rows));
        Assert.Equal("goes on", _connection.Scalar("SELECT v FROM kv WHERE k = @k", ("k", rows)));
    }
}
