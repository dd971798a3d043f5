namespace LsmTree.Storage;

/// <summary>What opening a store does with damage in its log.</summary>
public enum RecoveryMode
{
    /// <summary>An unfinished record at the end of the newest log is normal after a crash and is cut off; proven damage refuses to open.</summary>
    TornTail = 0,

    /// <summary>An unfinished record refuses to open, too. Only for stores that were closed cleanly.</summary>
    Strict = 1,

    /// <summary>Everything from the first damaged record on is given up; the log is kept aside. For operators who choose to lose.</summary>
    PointInTime = 2,
}
