namespace LsmTree.Storage;

/// <summary>What became of one file of a damaged store.</summary>
/// <param name="File">Its path.</param>
/// <param name="Outcome">Whether it was saved.</param>
/// <param name="Entries">Entries read from it, older versions and deletions included.</param>
/// <param name="Losses">What could not be read; empty when all could.</param>
public sealed record RepairedFile(string File, RepairOutcome Outcome, long Entries, IReadOnlyList<RepairLoss> Losses);
