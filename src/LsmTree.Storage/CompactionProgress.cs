namespace LsmTree.Storage;

/// <summary>How far <see cref="LsmStore.Compact"/> has come.</summary>
/// <param name="Level">The level that the present step writes to.</param>
/// <param name="BytesDone">Bytes of table files merged so far, in all steps.</param>
/// <param name="BytesTotal">
/// Bytes that will have been merged in the end. An estimate: it grows when new data arrives, and shrinks when background work does a part or
/// obsolete entries turn out to be many. Equal to <paramref name="BytesDone"/> in the last report.
/// </param>
public readonly record struct CompactionProgress(int Level, long BytesDone, long BytesTotal);
