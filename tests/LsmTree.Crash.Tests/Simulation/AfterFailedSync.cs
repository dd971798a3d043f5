namespace LsmTree.Crash.Tests.Simulation;

/// <summary>What kernels do with pages that an fsync could not write.</summary>
internal enum AfterFailedSync
{
    /// <summary>They are marked clean: later ones succeed and make nothing durable, and readers see the data until the machine goes down (ext4, XFS).</summary>
    Dropped,

    /// <summary>They stay dirty: a later fsync may write them after all.</summary>
    StillDirty,

    /// <summary>They are thrown away: readers see what is on the disk (btrfs, ZFS).</summary>
    Reverted,
}
