namespace LsmTree.Storage;

/// <summary>An open that succeeded.</summary>
/// <param name="Tables">Tables of the store, those written by the recovery included.</param>
/// <param name="ReplayedEntries">Entries that were found in logs only.</param>
/// <param name="LastSequence">The sequence number of the newest entry.</param>
/// <param name="Duration">How long it took to open.</param>
public sealed record RecoveryCompleted(int Tables, long ReplayedEntries, long LastSequence, TimeSpan Duration);
