namespace LsmTree.Storage.Memtables;

/// <summary>One node on the way from the root to a leaf.</summary>
internal unsafe struct TreeStep
{
    /// <summary>The node.</summary>
    public byte* Node;

    /// <summary>How many of its slots lie before the entry that is looked for.</summary>
    public int Slot;
}
