using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Batches;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Memtables;

/// <summary>The newest entries of the store, sorted in memory. One writer at a time, readers without locks.</summary>
/// <remarks>
/// Readers see an entry once it is linked; whether it counts is decided by its sequence number against the reader's, so a batch becomes visible
/// as a whole when the commit queue publishes its last number.
/// </remarks>
internal sealed unsafe class Memtable
{
    private readonly Arena _arena;
    private readonly EntryTree _entries;
    private readonly Lock _tombstoneGate = new();
    private readonly List<RangeTombstone> _tombstones = [];
    private RangeTombstoneList _fragments = RangeTombstoneList.Empty;
    private int _fragmentedCount;
    private int _tombstoneCount;
    private long _entryCount;
    private ulong _lastSequence;

    public Memtable(int firstChunkBytes = 1 << 20)
    {
        _arena = new Arena(firstChunkBytes);
        _entries = new EntryTree(_arena);
    }

    /// <summary>Entries, range deletes included.</summary>
    public long EntryCount => Volatile.Read(ref _entryCount);

    public bool IsEmpty => EntryCount == 0;

    /// <summary>Bytes in use.</summary>
    public long Bytes => _arena.UsedBytes;

    /// <summary>The newest sequence number in it; 0 when empty.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    public bool HasRangeTombstones => Volatile.Read(ref _tombstoneCount) > 0;

    /// <summary>Adds one entry. One thread at a time.</summary>
    public void Add(EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong sequence)
    {
        if (kind == EntryKind.RangeDelete)
        {
            lock (_tombstoneGate)
            {
                _tombstones.Add(new RangeTombstone(key.ToArray(), value.ToArray(), sequence));
                Volatile.Write(ref _tombstoneCount, _tombstones.Count);
            }
        }
        else
        {
            _entries.Insert(key, Trailer.Pack(sequence, kind), value);
        }

        Volatile.Write(ref _lastSequence, sequence);
        Volatile.Write(ref _entryCount, _entryCount + 1);
    }

    /// <summary>Adds all entries of a well-formed batch. One thread at a time.</summary>
    public void Add(ReadOnlySpan<byte> batch, ulong firstSequence)
    {
        var reader = new BatchReader(batch);
        var sequence = firstSequence;
        while (reader.TryRead(out var kind, out var key, out var value))
        {
            Add(kind, key, value, sequence++);
        }
    }

    /// <summary>Forgets everything and keeps a little memory for the next use. Only for a memtable that nobody else can see.</summary>
    public void Reset()
    {
        _arena.Reset();
        _entries.Reset();
        _tombstones.Clear();
        _tombstoneCount = 0;
        _fragmentedCount = 0;
        _fragments = RangeTombstoneList.Empty;
        _entryCount = 0;
        _lastSequence = 0;
    }

    /// <summary>The newest entry of the key with a trailer ≤ <paramref name="seekTrailer"/>. The value is valid while the memtable is kept alive.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, ulong seekTrailer, out ulong trailer, out ReadOnlySpan<byte> value)
    {
        var record = _entries.Find(key, seekTrailer);
        if (record == null)
        {
            trailer = 0;
            value = default;
            return false;
        }

        trailer = EntryRecord.TrailerOf(record);
        value = EntryRecord.ValueOf(record);
        return true;
    }

    /// <summary>The range tombstones so far, fragmented; recut when there are new ones.</summary>
    public RangeTombstoneList RangeTombstones
    {
        get
        {
            if (!HasRangeTombstones)
            {
                return RangeTombstoneList.Empty;
            }

            lock (_tombstoneGate)
            {
                if (_fragmentedCount != _tombstones.Count)
                {
                    _fragments = RangeTombstoneList.From(_tombstones);
                    _fragmentedCount = _tombstones.Count;
                }

                return _fragments;
            }
        }
    }

    [SuppressMessage("Performance", "CA1859", Justification = "Callers merge cursors of many kinds.")]
    public ICursor CreateCursor() => new EntryTreeCursor(this, _entries);
}
