namespace LsmTree.Storage.Tables;

/// <summary>What <see cref="Table.TryGet"/> can say about a key.</summary>
internal enum LookupOutcome
{
    /// <summary>This table has no entry of the key that is old enough. (It says nothing about its range tombstones.)</summary>
    Absent,

    /// <summary>The newest entry of the key that is old enough: a put or a tombstone.</summary>
    Found,

    /// <summary>The answer is in a block that is not cached, and the caller asked not to read the file.</summary>
    NeedsRead,
}
