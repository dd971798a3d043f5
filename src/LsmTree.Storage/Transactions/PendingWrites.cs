using LsmTree.Storage.Batches;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Transactions;

/// <summary>The edits of an open transaction twice over: as the batch that will be one log record, and sorted, so that it can read them.</summary>
/// <remarks>
/// The n-th edit (from 0) stands in the index with the sequence number <see cref="PendingEntries.Base"/> + n, above every committed one. A savepoint
/// is a number of edits; rolling back to it cuts the batch there and sorts what is left again, because skip lists do not forget.
/// </remarks>
internal sealed class PendingWrites
{
    private const int FirstChunkBytes = 2 << 10; // 2 KiB: most transactions are small
    private const long KeptBytes = 256 << 10; // 256 KiB

    private Memtable _index = CreateIndex();
    private bool _isShared; // a cursor walks the index: its memory must not be used again

    public BatchBuffer Batch { get; } = new();

    public bool IsEmpty => Batch.Count == 0;

    public int Count => Batch.Count;

    public long Bytes => Batch.Length + _index.Bytes;

    /// <summary>True when it is small, and no cursor has seen it, so that it may be kept for the next transaction.</summary>
    public bool IsReusable => !_isShared && Bytes <= KeptBytes;

    public bool HasRangeDeletes => _index.HasRangeTombstones;

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Batch.Put(key, value);
        _index.Add(EntryKind.Put, key, value, PendingEntries.Base + (uint)(Batch.Count - 1));
    }

    public void PutExpiring(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expiresAt)
    {
        Batch.PutExpiring(key, value, expiresAt);
        _index.Add(EntryKind.PutExpiring, key, Batch.LastValue, PendingEntries.Base + (uint)(Batch.Count - 1));
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        Batch.Delete(key);
        _index.Add(EntryKind.Delete, key, default, PendingEntries.Base + (uint)(Batch.Count - 1));
    }

    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (Batch.DeleteRange(from, to))
        {
            _index.Add(EntryKind.RangeDelete, from, to, PendingEntries.Base + (uint)(Batch.Count - 1));
        }
    }

    public void RollbackTo(int count)
    {
        if (count == Batch.Count)
        {
            return;
        }

        Batch.TruncateTo(count);
        if (_isShared)
        {
            _index = CreateIndex();
            _isShared = false;
        }
        else
        {
            _index.Reset();
        }

        _index.Add(Batch.Written, PendingEntries.Base);
    }

    public void Reset()
    {
        Batch.Clear();
        _index.Reset();
    }

    /// <summary>The edits so far, as the newest source of a cursor.</summary>
    public PendingEntries Freeze()
    {
        _isShared = true;
        return new PendingEntries(_index, PendingEntries.Base + (uint)Batch.Count);
    }

    /// <summary>What these edits say about a key: its value, that it is gone, or (null) nothing.</summary>
    public bool? TryGet(ReadOnlySpan<byte> key, ReadMoment moment, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (IsEmpty)
        {
            return null;
        }

        var covering = _index.HasRangeTombstones ? _index.RangeTombstones.CoveringSequence(key, Trailer.MaxSequence) : 0;
        if (_index.TryGet(key, ulong.MaxValue, out var trailer, out value) && Trailer.Sequence(trailer) >= covering)
        {
            return Trailer.Kind(trailer) switch
            {
                EntryKind.Put => true,
                EntryKind.PutExpiring => moment.TryOpen(key, ref value),
                _ => false,
            };
        }

        return covering != 0 ? false : null;
    }

    private static Memtable CreateIndex() => new(FirstChunkBytes);
}
