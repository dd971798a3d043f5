namespace LsmTree.Storage.Logs;

/// <summary>Which log this is. Part of every checksum in it, so that no other log's bytes pass for this one's.</summary>
/// <param name="StoreId">The id of the store, drawn at its creation.</param>
/// <param name="Number">The file number, as in the name.</param>
internal readonly record struct LogIdentity(ulong StoreId, ulong Number);
