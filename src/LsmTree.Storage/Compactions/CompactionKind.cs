namespace LsmTree.Storage.Compactions;

/// <summary>What a compaction does with its inputs.</summary>
internal enum CompactionKind
{
    /// <summary>Merges them into new tables.</summary>
    Merge,

    /// <summary>Gives them another level and leaves the files alone.</summary>
    Move,

    /// <summary>Removes them: newer range tombstones hide all they hold, from everybody.</summary>
    DropCovered,
}
