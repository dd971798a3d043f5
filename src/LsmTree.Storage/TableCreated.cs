namespace LsmTree.Storage;

/// <summary>A table file that has become part of the store.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Level">Its level.</param>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="Entries">Entries, tombstones included.</param>
public sealed record TableCreated(string File, int Level, long Bytes, long Entries);
