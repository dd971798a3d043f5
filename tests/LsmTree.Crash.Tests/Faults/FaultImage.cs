namespace LsmTree.Crash.Tests.Faults;

/// <summary>What a disk that a fault has left reads as.</summary>
/// <param name="State">The store.</param>
/// <param name="Copies">The copies that were made of it; null for an unfinished one.</param>
internal sealed record FaultImage(int[] State, IReadOnlyList<int[]?> Copies);
