namespace LsmTree.Storage;

/// <summary>What <see cref="StoreRepair.Run"/> saved, and what is lost.</summary>
/// <param name="Files">Every file of the source directory, and those that should have been there.</param>
/// <param name="KeysWritten">Keys of the repaired store, with those that have expired and were still kept: a repair has no clock, and writes the moment of each as it is.</param>
/// <param name="ManifestUsed">Whether a manifest could be read, which says what files count. Without one, the remains of a finished compaction, had it not been deleted yet, are taken for data.</param>
public sealed record RepairReport(IReadOnlyList<RepairedFile> Files, long KeysWritten, bool ManifestUsed)
{
    /// <summary>True when every byte of data was saved, and a manifest said which bytes those are.</summary>
    public bool IsComplete => ManifestUsed && Files.All(static file => file.Losses.Count == 0 && file.Outcome is not (RepairOutcome.Lost or RepairOutcome.Missing));
}
