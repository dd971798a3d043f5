namespace LsmTree.Storage.Tests.Commits;

/// <summary>A write that waits for a flush ends with its token, and is then nowhere.</summary>
public sealed class WriteCancellationTests : IDisposable
{
    private const int MostWrites = 4_000; // 20 MB, where memtables of 64 KiB may hold a few hundred
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly BlockedFlush _flush = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly LsmStore _store;
    private readonly byte[] _value = new byte[5_000];

    public WriteCancellationTests()
    {
        _flush.Stalled = _cancellation.Cancel;
        _store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10, Events = _flush });
    }

    [Theory]
    [InlineData("put")]
    [InlineData("expiring put")]
    [InlineData("write")]
    [InlineData("insert")]
    [InlineData("commit")]
    public void A_write_that_waits_for_room_ends_with_its_token(string how)
    {
        using var deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
        var written = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            for (; written < MostWrites; written++)
            {
                Write(how, BitConverter.GetBytes(written));
            }
        });
        _flush.Release();
        Assert.True(_store.Contains(BitConverter.GetBytes(written - 1)));
        Assert.False(_store.Contains(BitConverter.GetBytes(written)));
        _store.Put(BitConverter.GetBytes(written), _value);
        Assert.True(_store.Contains(BitConverter.GetBytes(written)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_delete_that_waits_for_room_ends_with_its_token(bool ofRange)
    {
        using var deadline = new Timer(_ => _flush.Release(), null, s_longest, Timeout.InfiniteTimeSpan);
        var written = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            for (; written < MostWrites; written++)
            {
                byte[] key = [.. BitConverter.GetBytes(written), .. _value];
                if (ofRange)
                {
                    _store.DeleteRange(key, [.. key, 1], cancellationToken: _cancellation.Token);
                }
                else
                {
                    _store.Delete(key, cancellationToken: _cancellation.Token);
                }
            }
        });
        Assert.Equal(written, _store.GetStatistics().EntriesWritten);
        _flush.Release();
        _store.Delete("a"u8);
        Assert.Equal(written + 1, _store.GetStatistics().EntriesWritten);
    }

    [Fact]
    public void A_write_whose_token_was_cancelled_before_is_not_begun()
    {
        _cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _store.Put("a"u8, "1"u8, cancellationToken: _cancellation.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => _store.Put("a"u8, "1"u8, DateTimeOffset.MaxValue, cancellationToken: _cancellation.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => _store.Delete("a"u8, cancellationToken: _cancellation.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => _store.DeleteRange("a"u8, "b"u8, cancellationToken: _cancellation.Token));
        Assert.Equal(0, _store.LastSequence);
    }

    public void Dispose()
    {
        _flush.Release();
        _store.Dispose();
        _flush.Dispose();
        _cancellation.Dispose();
    }

    private void Write(string how, byte[] key)
    {
        switch (how)
        {
            case "put":
                _store.Put(key, _value, cancellationToken: _cancellation.Token);
                break;
            case "expiring put":
                _store.Put(key, _value, DateTimeOffset.MaxValue, cancellationToken: _cancellation.Token);
                break;
            case "insert":
                Assert.True(_store.TryInsert(key, _value, cancellationToken: _cancellation.Token));
                break;
            case "write":
                var batch = new WriteBatch();
                batch.Put(key, _value);
                _store.Write(batch, cancellationToken: _cancellation.Token);
                break;
            case "commit":
                using (var transaction = _store.BeginTransaction())
                {
                    transaction.Put(key, _value);
                    transaction.Commit(cancellationToken: _cancellation.Token);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how));
        }
    }

    /// <summary>A flush that does not end: the background thread waits in the call that tells of it.</summary>
    private sealed class BlockedFlush : StoreEventListener, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public Action Stalled { get; set; } = static () => { };

        public void Release() => _released.Set();

        public override void OnFlushCompleted(FlushCompleted flush) => _released.Wait();

        public override void OnStallBegan() => Stalled();

        public void Dispose() => _released.Dispose();
    }
}
