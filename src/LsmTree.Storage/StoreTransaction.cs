using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Commits;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Transactions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>
/// An optimistic transaction: an indexed batch over a snapshot. It reads its own writes, commits as one log record, and is bound to no thread
/// (but used by one at a time). Disposing an open transaction rolls it back.
/// </summary>
/// <remarks>
/// Nothing is locked and nobody waits: when two transactions write the same key, the one that commits first wins, and the other's
/// <see cref="Commit"/> throws <see cref="ConflictException"/>; run it again.
/// </remarks>
public sealed class StoreTransaction : IDisposable
{
    private const int MostPrechecks = 4; // each is shorter than the one before, unless others commit faster than this one looks

    private readonly LsmStore _store;
    private readonly ViewReader _reader;
    private readonly ViewCell _views;
    private readonly SnapshotList _snapshots;
    private readonly CursorList _cursors;
    private readonly CommitQueue _commits;
    private readonly ReaderHandle _handle = new(ReaderKind.Transaction);
    private readonly PendingPool _pool;
    private readonly ReadSet? _reads;
    private PendingWrites? _writes;

    internal StoreTransaction(LsmStore store, ViewReader reader, ViewCell views, SnapshotList snapshots, CursorList cursors, CommitQueue commits, PendingPool pool, TransactionIsolation isolation)
    {
        _store = store;
        _reader = reader;
        _views = views;
        _snapshots = snapshots;
        _cursors = cursors;
        _commits = commits;
        _pool = pool;
        _writes = pool.Rent();
        _reads = isolation == TransactionIsolation.Serializable ? new ReadSet() : null;
        Isolation = isolation;
        snapshots.Add(_handle);
    }

    /// <summary>What is checked at commit.</summary>
    public TransactionIsolation Isolation { get; }

    /// <summary>True until <see cref="Commit"/>, <see cref="Rollback"/> or <see cref="Dispose"/>.</summary>
    public bool IsActive => _writes is not null;

    /// <summary>The sequence number of the newest write of others that the transaction sees.</summary>
    public long Sequence => (long)_handle.Sequence;

    /// <summary>Edits made so far; also the position that <see cref="CreateSavepoint"/> remembers.</summary>
    public int WriteCount => Writes.Count;

    /// <summary>Bytes that the pending edits, and the reads to be checked, hold in memory; at most <see cref="LsmStoreOptions.TransactionBytes"/>.</summary>
    public long PendingBytes => Writes.Bytes;

    private PendingWrites Writes => _writes ?? throw Over();

    /// <summary>Reads a value into a new array.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null when the key is absent.</param>
    /// <returns>Whether the key is present, to this transaction.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        using var reading = ReadSection.Enter();
        var isPresent = Find(key, out var found);
        value = isPresent ? found.ToArray() : null;
        return isPresent;
    }

    /// <summary>Copies a value into <paramref name="destination"/>; see <see cref="LsmStore.TryGet(ReadOnlySpan{byte}, Span{byte}, out int, Snapshot?)"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value goes, when it fits.</param>
    /// <param name="length">The length of the value, in bytes, also when it does not fit.</param>
    /// <returns>Whether the key is present, to this transaction.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        using var reading = ReadSection.Enter();
        var isPresent = Find(key, out var found);
        length = isPresent ? FoundValue.CopyIfFits(found, destination) : 0;
        return isPresent;
    }

    /// <summary>Writes a value to <paramref name="destination"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value goes.</param>
    /// <returns>Whether the key is present, to this transaction.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var isPresent = TryLease(key, out var lease);
        using var held = lease;
        if (isPresent)
        {
            destination.Write(held.Value); // the caller's code, which may take its time: not in a read section
        }

        return isPresent;
    }

    /// <summary>Gives a value where it lies, without a copy; see <see cref="LsmStore.TryLease"/>. It stays good when the transaction goes on or ends.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lease">The value; holds nothing when the key is absent.</param>
    /// <returns>Whether the key is present, to this transaction.</returns>
    public bool TryLease(ReadOnlySpan<byte> key, out ValueLease lease)
    {
        using var reading = ReadSection.Enter();
        if (TryFindOwn(key, out var own) is { } present)
        {
            // The memory of pending edits is used again when the transaction ends.
            lease = present ? new ValueLease(new HeldValue(own.ToArray())) : default;
            return present;
        }

        var isPresent = _reader.TryLease(key, _handle.Point, out var held);
        lease = isPresent ? new ValueLease(held) : default;
        return isPresent;
    }

    /// <summary>Reads many values; see <see cref="LsmStore.MultiGet"/>.</summary>
    /// <param name="keys">The keys, in any order; one may occur twice.</param>
    /// <param name="values">Receives the values, in the order of the keys.</param>
    /// <returns>How many keys are present, to this transaction.</returns>
    public int MultiGet(ReadOnlySpan<ReadOnlyMemory<byte>> keys, ValueSet values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var writes = Writes;
        _store.ThrowIfDisposed();
        return values.Load(_reader, keys, _handle.Point, writes, _reads);
    }

    /// <summary>Whether the key is present, to this transaction.</summary>
    /// <param name="key">The key.</param>
    public bool Contains(ReadOnlySpan<byte> key)
    {
        using var reading = ReadSection.Enter();
        return Find(key, out _);
    }

    /// <summary>A cursor over the snapshot and the edits made before this call; later edits do not show in it.</summary>
    /// <param name="options">Bounds and the rest; <see cref="CursorOptions.Snapshot"/> must be null.</param>
    /// <exception cref="ArgumentException">The options carry a snapshot.</exception>
    public StoreCursor CreateCursor(CursorOptions? options = null)
    {
        var writes = Writes;
        _store.ThrowIfDisposed();
        options ??= CursorOptions.Default;
        if (options.Snapshot is not null)
        {
            throw new ArgumentException("A transaction has a snapshot of its own; leave CursorOptions.Snapshot null.", nameof(options));
        }

        var reads = NoteRange(writes);
        var pending = writes.IsEmpty ? null : writes.Freeze();
        var view = pending is null ? _views.Acquire() : _views.AcquireUnder(pending.Entries);
        try
        {
            return new StoreCursor(view, _handle.Point, pending, options, reads, _cursors);
        }
        catch
        {
            view.Release();
            throw;
        }
    }

    /// <summary>Gives <paramref name="key"/> a value, at commit; this transaction sees it at once.</summary>
    /// <param name="key">At most 64 KiB.</param>
    /// <param name="value">At most 512 MiB.</param>
    /// <exception cref="TransactionTooLargeException">The edit would take the transaction beyond its limit; it was not made.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Writes.Put(key, value);

    /// <summary>Gives <paramref name="key"/> a value until <paramref name="expiresAt"/>, at commit; this transaction sees it at once.</summary>
    /// <param name="key">At most 64 KiB.</param>
    /// <param name="value">At most 512 MiB.</param>
    /// <param name="expiresAt">The moment from which the key is absent; rounded up to a millisecond. This transaction judges by the moment at which it began.</param>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expiresAt) =>
        Writes.PutExpiring(key, value, ExpiringValue.ToMilliseconds(expiresAt));

    /// <summary>Deletes <paramref name="key"/>, at commit.</summary>
    /// <param name="key">At most 64 KiB.</param>
    public void Delete(ReadOnlySpan<byte> key) => Writes.Delete(key);

    /// <summary>Deletes every key in [<paramref name="from"/>, <paramref name="to"/>), at commit, at the cost of one edit.</summary>
    /// <param name="from">The first key that goes.</param>
    /// <param name="to">The first key that stays.</param>
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => Writes.DeleteRange(from, to);

    /// <summary>Remembers the present position; cheap enough to take before every statement.</summary>
    public StoreSavepoint CreateSavepoint() => new(Writes.Count);

    /// <summary>Undoes every edit made after the savepoint, which stays valid. A cursor that is open goes on showing what it showed.</summary>
    /// <param name="savepoint">From <see cref="CreateSavepoint"/> of this transaction.</param>
    /// <exception cref="ArgumentException">The savepoint lies after the last edit: it was rolled back itself.</exception>
    public void RollbackTo(StoreSavepoint savepoint)
    {
        if (savepoint.Position < 0 || savepoint.Position > Writes.Count)
        {
            throw new ArgumentException($"The savepoint is at edit {savepoint.Position}, but the transaction has {Writes.Count}.", nameof(savepoint));
        }

        Writes.RollbackTo(savepoint.Position);
    }

    /// <summary>Makes the edits visible and (after <paramref name="durability"/>) durable, together. The transaction is over, also when this throws.</summary>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the commit begins and while it waits for room; a commit that has begun completes.</param>
    /// <exception cref="ConflictException">Somebody else committed first; nothing was written.</exception>
    /// <exception cref="StoreFailedException">The store takes no writes; see <see cref="StoreFailedException.OutcomeUnknown"/>.</exception>
    public void Commit(Durability? durability = null, CancellationToken cancellationToken = default)
    {
        var writes = Writes;
        try
        {
            _store.ThrowIfNotWritable();
            if (!writes.IsEmpty)
            {
                var check = Precheck(writes);
                _commits.Write(writes.Batch, durability, check, cancellationToken);
            }
        }
        finally
        {
            End();
        }
    }

    /// <summary>As <see cref="Commit"/>, waiting for the shared fsync without holding a thread.</summary>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the commit begins and while it waits for room; a commit that has begun completes.</param>
    public async ValueTask CommitAsync(Durability? durability = null, CancellationToken cancellationToken = default)
    {
        var writes = Writes;
        ValueTask durable;
        try
        {
            _store.ThrowIfNotWritable();
            durable = writes.IsEmpty ? default : _commits.WriteAsync(writes.Batch, durability, Precheck(writes), cancellationToken);
        }
        finally
        {
            End();
        }

        await durable.ConfigureAwait(false);
    }

    /// <summary>Forgets every edit. The transaction is over.</summary>
    public void Rollback()
    {
        _ = Writes;
        End();
    }

    /// <summary>Rolls back unless the transaction is over. May be called twice.</summary>
    public void Dispose() => End();

    /// <summary>Looks for conflicts before the gate, again for what was committed meanwhile, so that under it little or nothing is left to look at.</summary>
    private CommitCheck Precheck(PendingWrites writes)
    {
        var known = _handle.Sequence;
        for (var round = 0; round < MostPrechecks; round++)
        {
            // The number first: whatever is committed after it is looked at again, at the latest under the gate.
            var visible = (ulong)_store.LastSequence;
            if (visible == known)
            {
                break;
            }

            Validate(writes, known);
            known = visible;
        }

        return (_, last) =>
        {
            if (last != known)
            {
                Validate(writes, known);
            }
        };
    }

    private void Validate(PendingWrites writes, ulong since)
    {
        var view = _views.Acquire();
        try
        {
            ConflictCheck.Validate(view, writes.Batch, _reads, since);
        }
        finally
        {
            view.Release();
        }
    }

    private ReadRange? NoteRange(PendingWrites writes)
    {
        if (_reads is null)
        {
            return null;
        }

        writes.Note(ReadSet.BytesPerRange);
        return _reads.AddRange();
    }

    /// <summary>Finds a value where it lies. The caller is in a <see cref="ReadSection"/>, and looks at the value while it is.</summary>
    private bool Find(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> found) =>
        TryFindOwn(key, out found) ?? _reader.TryFind(key, _handle.Point, out found);

    /// <summary>What the pending edits say about the key; null when they say nothing, and then the key is noted as read.</summary>
    private bool? TryFindOwn(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> own)
    {
        var writes = Writes;
        _store.ThrowIfDisposed();
        var isPresent = writes.TryGet(key, ReadMoment.At(_handle.Moment), out own);
        if (isPresent is null && _reads is not null)
        {
            writes.Note(ReadSet.BytesFor(key));
            _reads.Add(key);
        }

        return isPresent;
    }

    private void End()
    {
        if (_writes is { } writes)
        {
            _writes = null;
            _snapshots.Remove(_handle);
            _pool.Return(writes);
        }
    }

    private static InvalidOperationException Over() =>
        new("The transaction is over: it was committed, rolled back or disposed.");
}
