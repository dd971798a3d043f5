namespace LsmTree.Storage;

/// <summary>One level of the tree at one moment.</summary>
/// <param name="Level">The level; 0 is the newest.</param>
/// <param name="Tables">Table files.</param>
/// <param name="Bytes">Bytes of table files.</param>
/// <param name="TargetBytes">The size above which the level is compacted, in bytes; 0 for level 0.</param>
/// <param name="Entries">Entries, tombstones included.</param>
/// <param name="Tombstones">Tombstones, range tombstones included.</param>
public sealed record LevelStatistics(int Level, int Tables, long Bytes, long TargetBytes, long Entries, long Tombstones)
{
    /// <summary>Compactions, moves included, that wrote to this level since the store was opened; on level 0 flushes, too.</summary>
    public long Compactions { get; init; }

    /// <summary>Bytes of table files that they read, on this level and above it.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes of table files that they wrote.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Time that they took, each on its thread.</summary>
    public TimeSpan CompactionTime { get; init; }
}
