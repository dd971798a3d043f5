namespace LsmTree.Storage.Compactions;

/// <summary>What becomes of an entry in a compaction.</summary>
internal enum EntryFate
{
    /// <summary>Nobody can see it any more.</summary>
    Drop,

    /// <summary>It goes to the output as it is.</summary>
    Keep,

    /// <summary>It goes to the output with the sequence number 0: it is the oldest of its key, and everybody sees it.</summary>
    KeepAtZero,

    /// <summary>It has expired: it goes to the output as a tombstone, without its value.</summary>
    KeepAsDelete,
}
