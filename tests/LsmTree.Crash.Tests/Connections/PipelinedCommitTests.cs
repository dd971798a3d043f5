using LsmTree.Data;

namespace LsmTree.Crash.Tests.Connections;

/// <summary>What is started on a connection while a commit of it waits for the device waits too, whichever way that commit came about.</summary>
public sealed class PipelinedCommitTests : IDisposable
{
    private readonly GuardedStore _store = new();
    private readonly LsmConnection _connection;
    private readonly ManualResetEventSlim _device = new();

    public PipelinedCommitTests()
    {
        _connection = _store.Source.OpenConnection();
        CommitVerb.Prepare(_connection);
        _store.Files.BeforeLogSync = _device.Wait;
    }

    public static TheoryData<CommitVerb> Verbs => [.. CommitVerb.Asynchronous];

    [Theory]
    [MemberData(nameof(Verbs), DisableDiscoveryEnumeration = true)]
    public async Task What_is_started_while_a_commit_waits_for_the_device_has_its_turn_afterwards(CommitVerb verb)
    {
        var commit = verb.CommitAsync(_connection, CancellationToken.None);
        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("UPDATE kv SET v = 2 WHERE k = 'new'"));
        var changed = batch.ExecuteNonQueryAsync(CancellationToken.None);
        var read = CommitVerb.Command(_connection, "SELECT v FROM kv WHERE k = 'new'").ExecuteScalarAsync(CancellationToken.None);
        Assert.False(commit.IsCompleted || changed.IsCompleted || read.IsCompleted);

        _device.Set();

        await commit;
        Assert.Equal(1, await changed);
        Assert.Equal(2, await read);
    }

    public void Dispose()
    {
        _device.Set();
        _connection.Dispose();
        _store.Dispose();
        _device.Dispose();
    }
}
