using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Batches;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Memtables;

/// <summary>The newest entries of the store, sorted in memory. One writer at a time, readers without locks.</summary>
/// <remarks>
/// <para>Readers see an entry once it is linked; whether it counts is decided by its sequence number against the reader's, so a batch becomes visible
/// as a whole when the commit queue publishes its last number.</para>
/// <para>Its memory is native and goes with <see cref="Free"/>: for a memtable that was in a view <see cref="Views.ViewCell"/> says when, for any other
/// whoever made it.</para>
/// </remarks>
internal sealed unsafe class Memtable
{
    /// <summary>What a range tombstone takes besides its keys, roughly: two arrays, its place in lists and in the trees over their pieces.</summary>
    private const int TombstoneOverheadBytes = 256;

    private const int FirstChunkBytes = 64 << 10; // 64 KiB, doubling to 2 MiB: a store that is opened and hardly written to takes little

    private readonly Arena _arena;
    private readonly EntryTree _entries;
    private readonly GrowingTombstones _tombstones = new();
    private long _tombstoneBytes;
    private bool _hasExpiringEntries;
    private long _entryCount;
    private ulong _lastSequence;

    /// <param name="firstChunkBytes">What it takes at first.</param>
    /// <param name="stock">Where its memory comes from; null for the system.</param>
    public Memtable(int firstChunkBytes = FirstChunkBytes, ChunkStock? stock = null)
    {
        _arena = new Arena(firstChunkBytes, stock ?? new ChunkStock(limitBytes: 0));
        _entries = new EntryTree(_arena);
    }

    /// <summary>Entries, range deletes included.</summary>
    public long EntryCount => Volatile.Read(ref _entryCount);

    public bool IsEmpty => EntryCount == 0;

    /// <summary>Bytes in use.</summary>
    public long Bytes => _arena.UsedBytes + Volatile.Read(ref _tombstoneBytes);

    /// <summary>The newest sequence number in it; 0 when empty.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    public bool HasRangeTombstones => _tombstones.Count > 0;

    /// <summary>True when an entry may expire: then the number of live keys depends on the moment, and cannot be counted without looking at values.</summary>
    public bool HasExpiringEntries => Volatile.Read(ref _hasExpiringEntries);

    /// <summary>Adds one entry. One thread at a time.</summary>
    public void Add(EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong sequence)
    {
        if (kind == EntryKind.RangeDelete)
        {
            _tombstones.Add(new RangeTombstone(key.ToArray(), value.ToArray(), sequence));
            Volatile.Write(ref _tombstoneBytes, _tombstoneBytes + key.Length + value.Length + TombstoneOverheadBytes);
        }
        else
        {
            if (kind == EntryKind.PutExpiring)
            {
                Volatile.Write(ref _hasExpiringEntries, true);
            }

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

    /// <summary>Raises all sequence numbers by <paramref name="offset"/>. Only for a memtable that nobody else can see.</summary>
    public void Renumber(ulong offset)
    {
        for (var record = _entries.Oldest; record != null; record = EntryRecord.Younger(record))
        {
            EntryRecord.Renumber(record, offset);
        }

        _tombstones.Renumber(offset);
        _lastSequence += offset;
    }

    /// <summary>Forgets everything and keeps up to <paramref name="keptBytes"/> of its memory for the next use. Only for a memtable that nobody else can see.</summary>
    public void Reset(long keptBytes = 0)
    {
        _arena.Reset(keptBytes);
        _entries.Reset();
        _tombstones.Clear();
        _tombstoneBytes = 0;
        _hasExpiringEntries = false;
        _entryCount = 0;
        _lastSequence = 0;
    }

    /// <summary>Gives its memory back. Only when nobody can look into it any more. May be called twice.</summary>
    public void Free()
    {
        _entries.Detach();
        _arena.Free();
    }

    /// <summary>The newest entry of the key with a trailer ≤ <paramref name="seekTrailer"/>. The value is valid until the memtable is freed.</summary>
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

    /// <summary>The range tombstones so far.</summary>
    public RangeTombstoneStack RangeTombstones => _tombstones.Current;

    /// <summary>The range tombstones so far, cut against each other: what goes into a table.</summary>
    public RangeTombstoneList MergeRangeTombstones() => HasRangeTombstones ? _tombstones.ToList() : RangeTombstoneList.Empty;

    [SuppressMessage("Performance", "CA1859", Justification = "Callers merge cursors of many kinds.")]
    public ICursor CreateCursor() => new EntryTreeCursor(this, _entries);
}
