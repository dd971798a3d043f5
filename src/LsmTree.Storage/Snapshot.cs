using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>A moment of the store, held until it is disposed: reads that pass it see exactly the writes up to <see cref="Sequence"/>,
/// and of those that expire the ones that had not when it was taken.</summary>
/// <remarks>Thread-safe. While it is held, compaction keeps the versions that it sees; a forgotten snapshot costs space.</remarks>
public sealed class Snapshot : IDisposable
{
    private readonly SnapshotList _snapshots;
    private readonly ReaderHandle _handle = new(ReaderKind.Snapshot);
    private int _disposed;

    internal Snapshot(SnapshotList snapshots)
    {
        _snapshots = snapshots;
        snapshots.Add(_handle);
    }

    /// <summary>The sequence number of the newest write that the snapshot sees.</summary>
    public long Sequence => (long)_handle.Sequence;

    /// <summary>What to read with.</summary>
    /// <exception cref="ObjectDisposedException">The snapshot was disposed, or belongs to another store.</exception>
    internal ReadPoint PointFor(SnapshotList snapshots)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return ReferenceEquals(snapshots, _snapshots)
            ? _handle.Point
            : throw new ArgumentException("The snapshot belongs to another store.");
    }

    /// <summary>Releases the moment; versions that only this snapshot needed become obsolete.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _snapshots.Remove(_handle);
        }
    }
}
