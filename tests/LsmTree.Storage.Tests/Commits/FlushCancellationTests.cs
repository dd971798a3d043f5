using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>Who waits for a flush goes away with the token; the flush goes on, and what was asked for can be asked for again.</summary>
public sealed class FlushCancellationTests : IDisposable
{
    private const string Directory = "/db";
    private const string Copy = "/copy";

    private readonly FaultyFileSystem _files = new() { HasLinks = false };
    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _released = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly LsmStore _store;
    private Action<string> _beforeTable = static _ => { };

    public FlushCancellationTests()
    {
        var held = new HeldFileSystem(_files, (operation, path) =>
        {
            if (operation == FileOperation.Create && path.EndsWith(".sst", StringComparison.Ordinal))
            {
                _beforeTable(path);
            }
        });
        _store = LsmStore.OpenOn(held, Directory, null, new LsmStoreOptions());
        _store.Put("a"u8, "1"u8);
    }

    public static TheoryData<string, Action<LsmStore, CancellationToken>> Waits => new()
    {
        { "Flush", static (store, token) => store.Flush(token) },
        { "Compact", static (store, token) => store.Compact(cancellationToken: token) },
        { "CheckpointTo", static (store, token) => store.CheckpointTo(Copy, token) },
    };

    [Theory]
    [MemberData(nameof(Waits), DisableDiscoveryEnumeration = true)]
    public async Task The_wait_for_a_flush_ends_with_the_token(string name, Action<LsmStore, CancellationToken> wait)
    {
        _beforeTable = _ =>
        {
            _held.Set();
            _released.Wait();
        };
        var waiting = Background.Run(() => wait(_store, _cancellation.Token));
        Background.Await(_held); // the flush has begun, and does not end before it is released
        await _cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.True(error.CancellationToken == _cancellation.Token, name);
        Assert.Equal(0, _store.GetStatistics().Tables);
        _released.Set();
        wait(_store, CancellationToken.None);
        Assert.Equal(1, _store.GetStatistics().Tables); // of the one flush, which went on
        Assert.True(_store.Contains("a"u8));
    }

    [Fact]
    public void A_checkpoint_ends_between_two_tables_and_leaves_no_store()
    {
        _store.Flush();
        _store.Put("b"u8, "2"u8);
        _store.Flush();
        _beforeTable = path =>
        {
            if (path.StartsWith(Copy, StringComparison.Ordinal))
            {
                _cancellation.Cancel();
            }
        };

        Assert.ThrowsAny<OperationCanceledException>(() => _store.CheckpointTo(Copy, _cancellation.Token));

        Assert.ThrowsAny<StoreException>(() => LsmStore.OpenOn(_files, Copy, null, new LsmStoreOptions { Mode = OpenMode.ReadOnly }));
        _store.CheckpointTo(Copy, CancellationToken.None);
        using var copied = LsmStore.OpenOn(_files, Copy, null, new LsmStoreOptions { Mode = OpenMode.ReadOnly });
        Assert.True(copied.Contains("a"u8) && copied.Contains("b"u8));
    }

    public void Dispose()
    {
        _released.Set();
        _store.Dispose();
        _held.Dispose();
        _released.Dispose();
        _cancellation.Dispose();
    }
}
