namespace LsmTree.Storage;

/// <summary>Who runs flushes, compactions and the deletion of obsolete files.</summary>
public enum BackgroundMode
{
    /// <summary>Named threads that <see cref="LsmStore.Open"/> starts.</summary>
    Threads = 0,

    /// <summary>Nobody: <see cref="LsmStore.RunBackgroundStep"/> runs one job at a time, so that a test decides when. Writes wait for nobody: a full memtable
    /// flushes in the write that filled it, and at 36 overlapping tables on level 0 a write does the compactions that threads would have done.</summary>
    Manual = 1,
}
