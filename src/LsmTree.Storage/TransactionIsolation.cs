namespace LsmTree.Storage;

/// <summary>What a transaction checks when it commits.</summary>
public enum TransactionIsolation
{
    /// <summary>Fails when a key that it wrote was written by somebody else since it began (first committer wins).</summary>
    Snapshot = 0,

    /// <summary>Fails also when a key or range that it read was written by somebody else since it began.</summary>
    Serializable = 1,
}
