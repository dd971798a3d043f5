namespace LsmTree.Storage.Tables;

/// <summary>How far down a lookup may go.</summary>
internal enum ReadTier
{
    /// <summary>What is in memory. Safe without holding the table open against its removal, since cached blocks outlive it.</summary>
    CacheOnly,

    /// <summary>The file too. The caller must keep the table from being closed.</summary>
    Disk,
}
