namespace LsmTree.Crash.Tests.Simulation;

/// <summary>Which part of what no fsync has covered a crash spares.</summary>
internal enum Persistence
{
    /// <summary>The power failed before anything more reached the disk.</summary>
    NothingUnsynced,

    /// <summary>The process died, the machine did not.</summary>
    Everything,

    /// <summary>Everything, and of the write that was being done the first so many bytes.</summary>
    TornWrite,

    /// <summary>All names; of each file's unsynced bytes a random beginning.</summary>
    RandomCut,

    /// <summary>Each unsynced sector of 512 bytes and each unsynced name, or not.</summary>
    RandomSectors,

    /// <summary>All names and sizes, and zeros where the data should be.</summary>
    SizeBeforeData,

    /// <summary>Some of the unsynced changes of names, in another order, with all data.</summary>
    NamesReordered,

    /// <summary>As <see cref="NamesReordered"/>, with synced data only.</summary>
    NamesBeforeData,

    /// <summary>Some files whole, others as of their last fsync.</summary>
    SomeFiles,
}
