namespace LsmTree.Storage;

/// <summary>What <see cref="LsmStore.Verify"/> found.</summary>
/// <param name="Files">Files read.</param>
/// <param name="Bytes">Bytes read and checked.</param>
/// <param name="Problems">Damage found; empty when the store is sound.</param>
public sealed record VerificationReport(int Files, long Bytes, IReadOnlyList<VerificationProblem> Problems)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsSound => Problems.Count == 0;
}
