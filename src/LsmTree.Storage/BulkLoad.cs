using LsmTree.Storage.Batches;
using LsmTree.Storage.Maintenance;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage;

/// <summary>Loads sorted entries straight into tables, past log and memtable: the fastest way in, and one that is all or nothing. Made by <see cref="LsmStore.BeginBulkLoad"/>.</summary>
/// <remarks>
/// <para>The entries become visible together when <see cref="Complete"/> returns, and are then the newest of their keys, whatever was written while the load
/// went on. They are durable by then in every durability mode. Snapshots, cursors and transactions that were begun before do not see them; a transaction that
/// was begun before and wrote one of the keys conflicts.</para>
/// <para>Until then the load costs others nothing. In <see cref="Complete"/> writers wait until what is in memory has been flushed. A load that is disposed, or
/// whose process dies, before that leaves nothing behind. For one thread at a time.</para>
/// </remarks>
public sealed class BulkLoad : IDisposable
{
    private readonly TableLoad _load;
    private readonly Action _throwIfNotWritable;
    private byte[] _last = [];
    private int _lastLength = -1;
    private State _state = State.Loading;

    internal BulkLoad(TableLoad load, Action throwIfNotWritable)
    {
        _load = load;
        _throwIfNotWritable = throwIfNotWritable;
    }

    private enum State
    {
        Loading,
        Failed,
        Ended,
    }

    /// <summary>Entries added so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds an entry.</summary>
    /// <param name="key">At most 64 KiB, and above the key of the entry before it, byte by byte. Copied.</param>
    /// <param name="value">At most 512 MiB; may be empty. Copied.</param>
    /// <exception cref="ArgumentException">The key is not above the one before it (the message names both), or key or value is too large. The load can go on.</exception>
    /// <exception cref="InvalidOperationException">The load has been completed, or has failed.</exception>
    /// <exception cref="StoreFullException">The disk has no room for the next table, or would not leave 8 MiB to the log. The load has failed: dispose it.</exception>
    /// <exception cref="StoreFailedException">An error has stopped writes. The load has failed: dispose it.</exception>
    /// <exception cref="IOException">The operating system refused. The load has failed: dispose it.</exception>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ThrowIfNotLoading();
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        if (_lastLength >= 0 && key.SequenceCompareTo(_last.AsSpan(0, _lastLength)) <= 0)
        {
            throw new ArgumentException($"The keys of a bulk load must ascend: '{KeyText.Of(key)}' does not come after '{KeyText.Of(_last.AsSpan(0, _lastLength))}'.", nameof(key));
        }

        _state = State.Failed; // unless what follows returns
        _load.Add(key, value);
        _state = State.Loading;
        Remember(key);
        Count++;
    }

    /// <summary>Makes all entries durable and visible, at once. Nothing happens when there are none. The load is at its end, whatever comes of it.</summary>
    /// <exception cref="InvalidOperationException">The load has been completed, or has failed.</exception>
    /// <exception cref="StoreFullException">The disk is full. Nothing is visible.</exception>
    /// <exception cref="StoreFailedException">An earlier error has stopped writes. Nothing is visible.</exception>
    /// <exception cref="IOException">The manifest could not be written: the store takes no more writes. Reopened, it has all of the load or nothing.</exception>
    public void Complete()
    {
        ThrowIfNotLoading();
        _state = State.Failed;
        _load.Complete();
        _state = State.Ended;
    }

    /// <summary>Ends the load; without <see cref="Complete"/> its files are deleted.</summary>
    public void Dispose()
    {
        _state = State.Ended;
        _load.Dispose();
    }

    private void Remember(ReadOnlySpan<byte> key)
    {
        if (_last.Length < key.Length)
        {
            _last = new byte[Math.Max(key.Length, 2 * _last.Length)];
        }

        key.CopyTo(_last);
        _lastLength = key.Length;
    }

    private void ThrowIfNotLoading()
    {
        _throwIfNotWritable();
        if (_state != State.Loading)
        {
            throw new InvalidOperationException(_state == State.Ended ? "The bulk load has ended." : "The bulk load has failed; dispose it and begin again.");
        }
    }
}
