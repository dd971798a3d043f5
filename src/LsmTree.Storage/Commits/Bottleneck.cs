namespace LsmTree.Storage.Commits;

/// <summary>What a writer waits for, and which background work ends the wait.</summary>
internal enum Bottleneck
{
    /// <summary>Memtables: flushes.</summary>
    Memtables,

    /// <summary>Level 0: compactions.</summary>
    Level0,
}
