using LsmTree.Data;

namespace LsmTree.Crash.Tests.Connections;

/// <summary>An asynchronous commit gives its thread back while the device syncs, and is not ended by a token that comes then.</summary>
public sealed class AwaitedSyncTests : IDisposable
{
    private readonly GuardedStore _store = new();
    private readonly LsmConnection _connection;
    private readonly ManualResetEventSlim _device = new();

    public AwaitedSyncTests()
    {
        _connection = _store.Source.OpenConnection();
        CommitVerb.Prepare(_connection);
        _store.Files.BeforeLogSync = _device.Wait;
    }

    public static TheoryData<CommitVerb> Verbs => [.. CommitVerb.Asynchronous];

    public static TheoryData<string> Definitions => new("CREATE TABLE fresh (id INTEGER PRIMARY KEY)", "DROP TABLE spare", "TRUNCATE kv");

    [Theory]
    [MemberData(nameof(Verbs), DisableDiscoveryEnumeration = true)]
    public async Task A_commit_is_awaited(CommitVerb verb)
    {
        var commit = verb.CommitAsync(_connection, CancellationToken.None); // would not come back if it synced here
        Assert.False(commit.IsCompleted);

        _device.Set();
        await commit;

        Assert.Equal(1, CommitVerb.Scalar(_connection, "SELECT v FROM kv WHERE k = 'new'"));
    }

    [Theory]
    [MemberData(nameof(Verbs), DisableDiscoveryEnumeration = true)]
    public async Task A_token_that_is_cancelled_while_the_device_syncs_comes_too_late(CommitVerb verb)
    {
        using var cancellation = new CancellationTokenSource();
        var commit = verb.CommitAsync(_connection, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.False(commit.IsCompleted);

        _device.Set();
        await commit;

        Assert.Equal(1, CommitVerb.Scalar(_connection, "SELECT v FROM kv WHERE k = 'new'"));
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public async Task A_definition_is_awaited(string text)
    {
        using var command = CommitVerb.Command(_connection, text);
        var execution = command.ExecuteNonQueryAsync(CancellationToken.None);
        Assert.False(execution.IsCompleted);

        _device.Set();

        Assert.Equal(-1, await execution);
    }

    [Fact]
    public async Task Statements_that_are_started_meanwhile_see_the_table_that_is_being_made()
    {
        var made = CommitVerb.Command(_connection, "CREATE TABLE fresh (id INTEGER PRIMARY KEY)").ExecuteNonQueryAsync(CancellationToken.None);
        var filled = CommitVerb.Command(_connection, "INSERT INTO fresh VALUES (1)").ExecuteNonQueryAsync(CancellationToken.None);

        _device.Set();

        Assert.Equal(-1, await made);
        Assert.Equal(1, await filled);
    }

    public void Dispose()
    {
        _device.Set();
        _connection.Dispose();
        _store.Dispose();
        _device.Dispose();
    }
}
