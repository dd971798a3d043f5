namespace LsmTree.Storage;

/// <summary>One table file of a store, as its manifest describes it.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Level">Its level; 0 is the newest.</param>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="Entries">Entries, tombstones included, range tombstones not.</param>
/// <param name="Tombstones">Entries that are tombstones.</param>
/// <param name="RangeTombstones">Range tombstones.</param>
/// <param name="RawBytes">Bytes of keys and values, before prefix sharing and compression.</param>
/// <param name="SmallestKey">The smallest key.</param>
/// <param name="LargestKey">The largest key, or the end of a range tombstone.</param>
/// <param name="SmallestSequence">The smallest sequence number; 0 where compaction has dropped it.</param>
/// <param name="LargestSequence">The largest sequence number.</param>
public sealed record TableDescription(
    string File,
    int Level,
    long Bytes,
    long Entries,
    long Tombstones,
    long RangeTombstones,
    long RawBytes,
    byte[] SmallestKey,
    byte[] LargestKey,
    long SmallestSequence,
    long LargestSequence);
