using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Views;

/// <summary>A full memtable that waits for its flush.</summary>
/// <param name="Memtable">Its entries; never written again.</param>
/// <param name="NextLogNumber">The number of the first log that holds none of its entries: once it is flushed, older logs are obsolete.</param>
internal sealed record FrozenMemtable(Memtable Memtable, ulong NextLogNumber);
