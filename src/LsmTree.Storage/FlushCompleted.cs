namespace LsmTree.Storage;

/// <summary>A flush that is in force.</summary>
/// <param name="Tables">Tables written: 1, or 0 when nothing of the memtable had to be kept.</param>
/// <param name="EntriesRead">Entries of the memtable.</param>
/// <param name="EntriesWritten">Entries of the table.</param>
/// <param name="BytesWritten">Bytes of the table file.</param>
/// <param name="Duration">From the first entry to the installed table.</param>
public sealed record FlushCompleted(int Tables, long EntriesRead, long EntriesWritten, long BytesWritten, TimeSpan Duration);
