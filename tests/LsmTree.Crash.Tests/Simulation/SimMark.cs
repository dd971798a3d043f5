namespace LsmTree.Crash.Tests.Simulation;

/// <summary>What a workload says about itself, in one order with its I/O.</summary>
internal enum SimMark
{
    /// <summary>A commit with this number begins.</summary>
    Begun,

    /// <summary>It has returned; it survives the death of the process.</summary>
    Acknowledged,

    /// <summary>It has returned from an fsync; it survives a power cut.</summary>
    Durable,

    /// <summary>Everything up to this commit is in tables, and in the manifest.</summary>
    Flushed,

    /// <summary>So many copies of the store are complete: they survive a power cut.</summary>
    Copied,
}
