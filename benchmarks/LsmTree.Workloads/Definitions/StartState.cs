namespace LsmTree.Workloads.Definitions;

/// <summary>What the store holds when a workload's clock starts.</summary>
internal enum StartState
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>At most 100,000 keys, all of them in the memtable.</summary>
    InMemtable,

    /// <summary>Every key, in compacted tables; as much of them as fits is in the block cache.</summary>
    Loaded,
}
