namespace LsmTree.Storage.Versions;

/// <summary>What a manifest says when it has been read to its end.</summary>
internal sealed record ManifestState(ulong StoreId, ulong LogNumber, ulong NextFileNumber, ulong LastSequence, uint Format, Version Version);
