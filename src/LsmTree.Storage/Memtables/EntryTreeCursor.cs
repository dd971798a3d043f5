using LsmTree.Storage.Cursors;

namespace LsmTree.Storage.Memtables;

/// <summary>Walks a memtable's entries while it may be written. Whoever made the cursor keeps the memtable from being freed.</summary>
internal sealed unsafe class EntryTreeCursor : ICursor
{
    private readonly Memtable _owner;
    private readonly EntryTree _tree;
    private TreePosition _position;

    public EntryTreeCursor(Memtable owner, EntryTree tree)
    {
        _owner = owner;
        _tree = tree;
    }

    public Memtable Memtable => _owner;

    public bool IsValid => _position.Record != null;

    public ReadOnlySpan<byte> Key => EntryRecord.KeyOf(_position.Record);

    public ulong Trailer => EntryRecord.TrailerOf(_position.Record);

    public ReadOnlySpan<byte> Value => EntryRecord.ValueOf(_position.Record);

    public void SeekToFirst() => _tree.SeekToFirst(out _position);

    public void SeekToLast() => _tree.SeekToLast(out _position);

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer) => _tree.SeekAtOrAfter(userKey, trailer, out _position);

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer) => _tree.SeekBefore(userKey, trailer, out _position);

    public void Next() => _tree.MoveNext(ref _position);

    public void Prev() => _tree.MovePrev(ref _position);

    /// <summary>
    /// Counts the live keys from the current entry to <paramref name="upper"/> (exclusive; null for no bound) as of <paramref name="limit"/>, range
    /// tombstones aside, and leaves the cursor at none.
    /// </summary>
    public long CountVisible(ulong limit, byte[]? upper, CancellationToken cancellation)
    {
        var count = new EntryTreeCount(_tree, limit, upper, cancellation).From(_position);
        _position = default;
        return count;
    }

    public void Dispose() => _position = default;
}
