using LsmTree.Storage.Cursors;

namespace LsmTree.Storage.Memtables;

/// <summary>Walks a memtable's entries while it may be written. Holds the memtable, and with it every address.</summary>
internal sealed unsafe class SkipListCursor : ICursor
{
    private readonly Memtable _owner;
    private readonly SkipList _list;
    private byte* _node;

    public SkipListCursor(Memtable owner, SkipList list)
    {
        _owner = owner;
        _list = list;
    }

    public Memtable Memtable => _owner;

    public bool IsValid => _node != null;

    public ReadOnlySpan<byte> Key => SkipList.KeyOf(_node);

    public ulong Trailer => SkipList.TrailerOf(_node);

    public ReadOnlySpan<byte> Value => SkipList.ValueOf(_node);

    public void SeekToFirst() => _node = _list.First;

    public void SeekToLast() => _node = _list.Last;

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer) => _node = _list.FindAtOrAfter(userKey, trailer);

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer) => _node = _list.FindBefore(userKey, trailer);

    public void Next()
    {
        _node = SkipList.Next(_node);
        SkipList.Prefetch(_node);
    }

    public void Prev() => _node = _list.FindBefore(Key, Trailer);

    /// <summary>
    /// Counts the live keys from the current node to <paramref name="upper"/> (exclusive; null for no bound) as of <paramref name="limit"/>, range
    /// tombstones aside, and leaves the cursor at none.
    /// </summary>
    public long CountVisible(ulong limit, byte[]? upper, CancellationToken cancellation)
    {
        var count = new SkipListCount(_list, limit, upper, cancellation).From(_node);
        _node = null;
        GC.KeepAlive(_owner);
        return count;
    }

    public void Dispose()
    {
        _node = null;
        GC.KeepAlive(_owner);
    }
}
