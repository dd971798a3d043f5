namespace LsmTree.Storage;

/// <summary>What opening a store does with damage in its log.</summary>
public enum RecoveryMode
{
    /// <summary>An unfinished record at the end of the newest log is normal after a crash and is cut off; proven damage refuses to open.</summary>
    TornTail = 0,

    /// <summary>An unfinished record refuses to open, too. Only for stores that were closed cleanly.</summary>
    Strict = 1,

    /// <summary>Everything from the first damaged record on is given up; that log and those after it are kept under names that end in .lost, for
    /// <see cref="StoreRepair"/> or a person to look at. For operators who choose to lose.</summary>
    PointInTime = 2,
}
