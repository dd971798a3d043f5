namespace LsmTree.Storage;

/// <summary>A compaction that is in force.</summary>
/// <param name="Kind">Merge, Move (tables changed their level, no file was written) or DropCovered (everything in the tables was range-deleted).</param>
/// <param name="Reason">Why it was chosen, such as Level0, LevelSize, Tombstones or Manual. More may come.</param>
/// <param name="OutputLevel">Where the result is.</param>
/// <param name="InputTables">Tables that went in.</param>
/// <param name="OutputTables">Tables that came out.</param>
/// <param name="EntriesRead">Entries that went in.</param>
/// <param name="EntriesWritten">Entries that came out; the difference was obsolete.</param>
/// <param name="BytesRead">Bytes of the files that were merged; 0 unless the kind is Merge.</param>
/// <param name="BytesWritten">Bytes of the files that came of it.</param>
/// <param name="Duration">From the decision to the installed result.</param>
public sealed record CompactionCompleted(
    string Kind,
    string Reason,
    int OutputLevel,
    int InputTables,
    int OutputTables,
    long EntriesRead,
    long EntriesWritten,
    long BytesRead,
    long BytesWritten,
    TimeSpan Duration);
