using LsmTree.Data.Sessions;
using LsmTree.Data.Values;
using LsmTree.Storage;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>The last connection closes, and its engine with it, while a write that it has started waits for the disk.</summary>
public sealed class CloseBesideWriteTests : IDisposable
{
    private static readonly SessionSettings s_settings = new(
        "/db", InMemory: true, OpenMode.ReadWriteCreate, Durability.Full, TimeSpan.FromSeconds(30), Pooling: false, TimeSpan.Zero, MemoryBudget: null, MemtableBytes: null, Compression: null);

    private readonly HeldSyncFileSystem _files = new();

    public void Dispose()
    {
        _files.Release();
        _files.Dispose();
    }

    [Theory]
    [InlineData("INSERT INTO kv VALUES (1, 'row')", "INSERT INTO kv VALUES (2, 'row')")]
    [InlineData("UPSERT INTO kv VALUES (1, 'row'), (2, 'row')")]
    [InlineData("BEGIN", "INSERT INTO kv VALUES (1, 'row'), (2, 'row')", "COMMIT")]
    [InlineData("BEGIN", "CREATE TABLE t (k INTEGER PRIMARY KEY)", "INSERT INTO kv VALUES (1, 'row'), (2, 'row')", "COMMIT")]
    public async Task Closing_waits_for_the_write_which_succeeds_and_is_there(params string[] statements)
    {
        var token = TestContext.Current.CancellationToken;
        var session = Open();
        foreach (var statement in statements[..^1])
        {
            session.Execute(session.Prepare(statement), 0, ParameterSet.Empty, default);
        }

        _files.Hold();
        var write = session.ExecuteAsync(session.Prepare(statements[^1]), 0, ParameterSet.Empty, default).AsTask();
        await Task.Run(() => _files.IsWaiting.Wait(token), token);
        var close = Task.Factory.StartNew(session.Dispose, token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(write.IsCompleted);
        Assert.False(close.IsCompleted);
        _files.Release();
        await write;
        await close;

        using var later = Open();
        Assert.True(later.TryExecuteScalar(later.Prepare("SELECT COUNT(*) FROM kv WHERE v = 'row'"), 0, ParameterSet.Empty, default, out var count));
        Assert.Equal(2, count.AsInt64());
    }

    private Session Open()
    {
        var store = LsmStore.OpenOn(_files, "/db", null, new LsmStoreOptions { Durability = Durability.Normal });
        return new Session(StoreLease.Private(new SharedStore(store, s_settings)), s_settings);
    }
}
