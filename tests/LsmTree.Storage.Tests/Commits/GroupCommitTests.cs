using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>Durability while an fsync is held.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _release = new(initialState: true);
    private readonly LsmStore _store;
    private volatile bool _failsSyncs;
    private Exception _error = new IOException("the disk said no");

    public GroupCommitTests()
    {
        var files = new HeldFileSystem(new MemoryFileSystem(), (operation, path) =>
        {
            if (operation == FileOperation.Sync && path.EndsWith(".log", StringComparison.Ordinal))
            {
                _begun.Set();
                Background.Await(_release);
                if (_failsSyncs)
                {
                    throw _error;
                }
            }
        });
        _store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Durability = Durability.Normal, Seed = 1 });
        _begun.Reset();
        _release.Reset();
    }

    public void Dispose()
    {
        _release.Set();
        _store.Dispose();
        _begun.Dispose();
        _release.Dispose();
    }

    [Fact]
    public async Task Buffered_commits_and_reads_go_on_beside_a_running_fsync()
    {
        var full = Background.Run(() => _store.Put("full"u8, "1"u8, Durability.Full));
        Background.Await(_begun);
        for (var i = 0; i < 1_000; i++)
        {
            _store.Put(BitConverter.GetBytes(i), "2"u8);
        }

        var batch = new WriteBatch();
        batch.Put("batch"u8, "3"u8);
        Assert.True(_store.WriteAsync(batch).AsTask().IsCompletedSuccessfully);
        Assert.True(_store.TryGet("batch"u8, out byte[]? _));
        Assert.True(_store.TryGet("full"u8, out byte[]? _), "a write is visible before it is durable");
        Assert.False(full.IsCompleted);
        _release.Set();
        await full.WaitAsync(Background.Patience);
    }

    [Fact]
    public async Task Asynchronous_writes_complete_when_they_are_durable_and_hold_no_thread()
    {
        // All on this thread: none of the calls waits.
        var writes = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            var batch = new WriteBatch();
            batch.Put(BitConverter.GetBytes(i), "v"u8);
            writes.Add(_store.WriteAsync(batch, Durability.Full).AsTask());
        }

        Background.Await(_begun);
        Assert.DoesNotContain(writes, static write => write.IsCompleted);
        var before = _store.GetStatistics().LogSyncs;
        _release.Set();
        await Task.WhenAll(writes).WaitAsync(Background.Patience);
        Assert.InRange(_store.GetStatistics().LogSyncs - before, 1, 4);
    }

    [Fact]
    public async Task Writers_that_arrive_during_an_fsync_share_the_next()
    {
        var first = Background.Run(() => _store.Put("first"u8, "1"u8, Durability.Full));
        Background.Await(_begun);
        var others = Enumerable.Range(0, 16).Select(i => Background.Run(() => _store.Put([(byte)i], "2"u8, Durability.Full))).ToArray();
        Assert.True(SpinWait.SpinUntil(() => _store.GetStatistics().Commits == 17, Background.Patience));
        var before = _store.GetStatistics().LogSyncs;
        _release.Set();
        await Task.WhenAll([first, .. others]).WaitAsync(Background.Patience);
        Assert.InRange(_store.GetStatistics().LogSyncs - before, 2, 4);
    }

    [Fact]
    public async Task Threads_that_share_fsyncs_all_come_back()
    {
        _release.Set();
        var writers = Enumerable.Range(0, 12).Select(writer => Background.Run(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                // Others that ask for no fsync append meanwhile, and some stop early: whoever is last has nobody to be woken by.
                _store.Put([(byte)writer], BitConverter.GetBytes(i), i % 7 == writer ? Durability.Normal : Durability.Full);
                if (i == 20 * writer)
                {
                    return;
                }
            }
        })).ToArray();
        await Task.WhenAll(writers).WaitAsync(Background.Patience);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_waits_for_an_fsync_that_fails_is_told_so(bool isUnexpected)
    {
        _error = isUnexpected ? new InvalidOperationException("nobody thought of this") : _error;
        var leader = Background.Run(() => _store.Put("leader"u8, "1"u8, Durability.Full));
        Background.Await(_begun);
        var followers = Enumerable.Range(0, 4).Select(i => Background.Run(() => _store.Put([(byte)i], "2"u8, Durability.Full))).ToArray();
        Assert.True(SpinWait.SpinUntil(() => _store.GetStatistics().Commits == 5, Background.Patience));
        _failsSyncs = true;
        _release.Set();
        foreach (var commit in (Task[])[leader, .. followers])
        {
            await Assert.ThrowsAsync<StoreFailedException>(() => commit.WaitAsync(Background.Patience));
        }
    }

    [Fact]
    public async Task An_asynchronous_commit_whose_fsync_fails_is_told_so()
    {
        var batch = new WriteBatch();
        batch.Put("key"u8, "1"u8);
        var commit = _store.WriteAsync(batch, Durability.Full).AsTask();
        Background.Await(_begun);
        _failsSyncs = true;
        _release.Set();
        await Assert.ThrowsAsync<StoreFailedException>(() => commit.WaitAsync(Background.Patience));
    }

    [Fact]
    public async Task A_transaction_asks_for_more_and_waits_for_it()
    {
        var commit = Background.Run(() =>
        {
            using var transaction = _store.BeginTransaction();
            transaction.Put("key"u8, "value"u8);
            transaction.Commit(Durability.Full);
        });
        Background.Await(_begun);
        Assert.False(commit.IsCompleted);
        _release.Set();
        await commit.WaitAsync(Background.Patience);
    }

    [Fact]
    public void No_write_may_ask_for_less_than_the_store_has()
    {
        _release.Set();
        var batch = new WriteBatch();
        batch.Put("a"u8, "1"u8);
        Assert.Throws<ArgumentException>(() => _store.Put("a"u8, "1"u8, Durability.Off));
        Assert.Throws<ArgumentException>(() => _store.Delete("a"u8, Durability.Off));
        Assert.Throws<ArgumentException>(() => _store.Write(batch, Durability.Off));
        Assert.Throws<ArgumentException>(() => _store.TryInsert("a"u8, "1"u8, Durability.Off));
        Assert.Throws<ArgumentException>(() => { _ = _store.WriteAsync(batch, Durability.Off).AsTask(); });
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "1"u8);
        Assert.Throws<ArgumentException>(() => transaction.Commit(Durability.Off));
        Assert.False(_store.TryGet("a"u8, out byte[]? _));
    }
}
