using LsmTree.Storage.Batches;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Transactions;

/// <summary>The edits of an open transaction: as the batch that will be one log record, and a table of where in it each key is, so that it can read them.</summary>
/// <remarks>
/// <para>Single keys are answered from the batch itself. What needs an order (a cursor, a look-up while there are range deletes) asks the sorted index, which is made up
/// to date when it is asked and not before: a transaction that only writes, and asks for single keys, never sorts.</para>
/// <para>The n-th edit (from 0) stands in the index with the sequence number <see cref="PendingEntries.Base"/> + n, above every committed one. A savepoint
/// is a number of edits; rolling back to it cuts the batch there and begins the index again, because the index does not forget.</para>
/// <para>Batch, table and index keep up to <see cref="KeptBytes"/> each for the next transaction. An index that a cursor has seen is not used again, and
/// freed when the cursor's view has gone: the cursor may outlive the transaction. The index of a transaction that was dropped and not disposed goes with it (the
/// finalizer); batch and table own their memory.</para>
/// </remarks>
internal sealed class PendingWrites : IDisposable
{
    private const int FirstChunkBytes = 2 << 10; // 2 KiB: most transactions are small
    private const int KeptBytes = 4 << 20; // 4 MiB: some ten thousand rows

    /// <summary>What an edit takes in the index besides its key and value: lengths, record and slot. Measured 60 to 90 bytes.</summary>
    private const int BytesPerEdit = 96;

    private readonly long _limitBytes;
    private readonly ChunkStock _stock;
    private readonly Action<Memtable> _letGo;
    private readonly PendingKeys _keys = new();
    private Memtable? _index; // made when it is first asked for
    private int _indexedCount; // edits that the index has, and their bytes in the batch
    private int _indexedLength;
    private bool _hasRangeDeletes;
    private bool _isShared; // a cursor may walk the index: its memory must not be used again

    /// <param name="limitBytes">Edits that would take more memory are refused.</param>
    /// <param name="stock">Where memory comes from.</param>
    /// <param name="letGo">Frees an index that cursors may still walk, when none does.</param>
    public PendingWrites(long limitBytes, ChunkStock stock, Action<Memtable> letGo)
    {
        _limitBytes = limitBytes;
        _stock = stock;
        _letGo = letGo;
        Batch = new BatchBuffer(limitBytes);
    }

    ~PendingWrites()
    {
        if (_index is not null)
        {
            GracePeriod.Await(FreeIndex); // the look-up that used this object last may not have copied what it found
        }
    }

    public BatchBuffer Batch { get; }

    public bool IsEmpty => Batch.Count == 0;

    public int Count => Batch.Count;

    /// <summary>Bytes of the edits in memory, of what was noted beside them, and of the index as if it had all edits: it may have to, at any time.</summary>
    public long Bytes => Batch.Length + _keys.Bytes + (_index?.Bytes ?? 0) + UnindexedBytes + NotedBytes;

    /// <summary>Bytes that the transaction holds besides its edits: what it has read, when that is checked at commit.</summary>
    public long NotedBytes { get; private set; }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ThrowIfTooLarge(key, value);
        var offset = Batch.Length;
        Batch.Put(key, value);
        _keys.Add(Batch.Written, offset, key);
        GC.KeepAlive(this); // until the native memory has been written
    }

    public void PutExpiring(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expiresAt)
    {
        ThrowIfTooLarge(key, value);
        var offset = Batch.Length;
        Batch.PutExpiring(key, value, expiresAt);
        _keys.Add(Batch.Written, offset, key);
        GC.KeepAlive(this); // until the native memory has been written
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        ThrowIfTooLarge(key, []);
        var offset = Batch.Length;
        Batch.Delete(key);
        _keys.Add(Batch.Written, offset, key);
        GC.KeepAlive(this); // until the native memory has been written
    }

    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        ThrowIfTooLarge(from, to);
        _hasRangeDeletes |= Batch.DeleteRange(from, to);
    }

    /// <summary>Counts memory that the transaction takes besides its edits.</summary>
    /// <exception cref="TransactionTooLargeException">It would be too much.</exception>
    public void Note(long bytes)
    {
        if (Bytes + bytes > _limitBytes)
        {
            ThrowTooLarge();
        }

        NotedBytes += bytes;
    }

    public void RollbackTo(int count)
    {
        if (count == Batch.Count)
        {
            return;
        }

        Batch.TruncateTo(count);
        if (_indexedCount > count)
        {
            ResetIndex();
        }

        NoteKeysAgain();
        GC.KeepAlive(this);
    }

    /// <summary>Forgets every edit, and keeps memory for others.</summary>
    public void Reset()
    {
        Batch.Clear(KeptBytes);
        _keys.Clear(KeptBytes);
        ResetIndex();
        _hasRangeDeletes = false;
        NotedBytes = 0;
    }

    /// <summary>Forgets every edit, and gives all memory back.</summary>
    public void Dispose()
    {
        Batch.Clear(keptBytes: 0);
        _keys.Clear(keptBytes: 0);
        FreeIndex();
        GC.SuppressFinalize(this);
    }

    /// <summary>The edits so far, as the newest source of a cursor. Its view is to lead to them (<see cref="ViewCell.AcquireUnder"/>).</summary>
    public PendingEntries Freeze()
    {
        var index = CatchUp();
        _isShared = true;
        var entries = new PendingEntries(index, PendingEntries.Base + (uint)Batch.Count);
        GC.KeepAlive(this);
        return entries;
    }

    /// <summary>What these edits say about a key: its value, valid until the next edit, that it is gone, or (null) nothing.</summary>
    public bool? TryGet(ReadOnlySpan<byte> key, ReadMoment moment, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (IsEmpty)
        {
            return null;
        }

        if (_hasRangeDeletes)
        {
            var isPresent = TryGetSorted(CatchUp(), key, moment, out value);
            GC.KeepAlive(this);
            return isPresent;
        }

        return _keys.TryFind(Batch.Written, key, out var kind, out value) ? Open(kind, key, moment, ref value) : null;
    }

    /// <summary>Answers the keys that the edits say something about; notes the others in <paramref name="reads"/>.</summary>
    public void Answer(KeyBatch keys, in ReadPoint point, ReadSet? reads)
    {
        for (var place = 0; place < keys.PendingCount; place++)
        {
            var key = keys.PendingKey(place);
            switch (TryGet(key, ReadMoment.At(point.Moment), out var value))
            {
                case true:
                    keys.AnswerFound(place, value);
                    break;
                case false:
                    keys.AnswerAbsent(place);
                    break;
                default:
                    if (reads is not null)
                    {
                        Note(ReadSet.BytesFor(key));
                        reads.Add(key);
                    }

                    break;
            }
        }

        keys.RemoveAnswered();
        GC.KeepAlive(this);
    }

    private long UnindexedBytes => Batch.Length - _indexedLength + (long)BytesPerEdit * (Batch.Count - _indexedCount);

    private static bool? TryGetSorted(Memtable index, ReadOnlySpan<byte> key, ReadMoment moment, out ReadOnlySpan<byte> value)
    {
        var covering = index.HasRangeTombstones ? index.RangeTombstones.CoveringSequence(key, Trailer.MaxSequence) : 0;
        if (index.TryGet(key, ulong.MaxValue, out var trailer, out value) && Trailer.Sequence(trailer) >= covering)
        {
            return Open(Trailer.Kind(trailer), key, moment, ref value);
        }

        return covering != 0 ? false : null;
    }

    private static bool Open(EntryKind kind, ReadOnlySpan<byte> key, ReadMoment moment, ref ReadOnlySpan<byte> value) => kind switch
    {
        EntryKind.Put => true,
        EntryKind.PutExpiring => moment.TryOpen(key, ref value),
        _ => false,
    };

    /// <summary>The index, with the edits that were made since the last time.</summary>
    private Memtable CatchUp()
    {
        var index = _index ??= new Memtable(FirstChunkBytes, _stock);
        if (_indexedCount < Batch.Count)
        {
            index.Add(Batch.Written[_indexedLength..], PendingEntries.Base + (uint)_indexedCount);
            _indexedCount = Batch.Count;
            _indexedLength = Batch.Length;
        }

        return index;
    }

    private void NoteKeysAgain()
    {
        _keys.Clear(KeptBytes);
        _hasRangeDeletes = false;
        var reader = new BatchReader(Batch.Written);
        for (var offset = 0; reader.TryRead(out var kind, out var key, out _); offset = reader.Offset)
        {
            if (kind == EntryKind.RangeDelete)
            {
                _hasRangeDeletes = true;
            }
            else
            {
                _keys.Add(Batch.Written, offset, key);
            }
        }
    }

    private void ResetIndex()
    {
        _indexedCount = 0;
        _indexedLength = 0;
        if (_isShared)
        {
            FreeIndex();
            _isShared = false;
        }
        else
        {
            _index?.Reset(KeptBytes);
        }
    }

    private void FreeIndex()
    {
        if (_index is { } index)
        {
            _index = null;
            _letGo(index);
        }
    }

    /// <summary>An edit that no transaction may hold is refused for that, and not for the memory that it would take.</summary>
    private void ThrowIfTooLarge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        if (Bytes + _keys.NextGrowth + 2L * (key.Length + (long)value.Length) + BytesPerEdit > _limitBytes)
        {
            ThrowTooLarge();
        }
    }

    private void ThrowTooLarge() => throw new TransactionTooLargeException(
        $"The transaction would hold more than {_limitBytes} bytes in memory ({nameof(LsmStoreOptions)}.{nameof(LsmStoreOptions.TransactionBytes)}); it holds {Bytes} in {Count} edits. "
        + "This edit was not made: commit what is there, or roll back.");
}
