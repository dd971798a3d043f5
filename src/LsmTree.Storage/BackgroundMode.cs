namespace LsmTree.Storage;

/// <summary>Who runs flushes, compactions and the deletion of obsolete files.</summary>
public enum BackgroundMode
{
    /// <summary>Named threads that <see cref="LsmStore.Open"/> starts.</summary>
    Threads = 0,

    /// <summary>No threads: <see cref="LsmStore.RunBackgroundStep"/> runs one job at a time, so that a test decides when. Writes do what they would have waited for: a full
    /// memtable is flushed by the write that filled it, and at 36 overlapping tables on level 0 a write runs the compactions.</summary>
    Manual = 1,
}
