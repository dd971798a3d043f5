namespace LsmTree.Storage.Memtables;

/// <summary>Where a reader stands in an <see cref="EntryTree"/>: an entry, which never changes, and where it was seen last, which may.</summary>
internal unsafe struct TreePosition
{
    /// <summary>The entry; null for none.</summary>
    public byte* Record;

    /// <summary>The leaf it was found in.</summary>
    public byte* Leaf;

    /// <summary>Its slot there.</summary>
    public int Slot;

    /// <summary>The leaf's version then; when the leaf has another now, the slot means nothing.</summary>
    public int Version;
}
