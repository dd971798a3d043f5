namespace LsmTree.Storage.Recovery;

/// <summary>Takes one replayed batch.</summary>
/// <param name="batch">Its bytes, well-formed; valid during the call.</param>
/// <param name="firstSequence">The sequence number of its first entry.</param>
internal delegate void ReplayedBatch(ReadOnlySpan<byte> batch, ulong firstSequence);
