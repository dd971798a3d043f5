namespace LsmTree.Storage.Compactions;

/// <summary>Why a compaction was chosen.</summary>
internal enum CompactionReason
{
    /// <summary>Level 0 has its trigger of tables, or more.</summary>
    Level0,

    /// <summary>A level is above its target.</summary>
    LevelSize,

    /// <summary>Tombstones hold back space that can be had.</summary>
    Tombstones,

    /// <summary>Nobody writes: space that obsolete entries may hold is worth more now than the work.</summary>
    Idle,

    /// <summary>Somebody asked.</summary>
    Manual,
}
