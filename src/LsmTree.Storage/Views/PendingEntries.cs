using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Views;

/// <summary>
/// The uncommitted entries of a transaction, laid over a view as its newest source. Their sequence numbers begin at <see cref="Base"/>, above
/// every committed one (after Pebble's indexed batch).
/// </summary>
/// <param name="Entries">The entries.</param>
/// <param name="Limit">Entries with this sequence number or a higher one do not count: they were made after the cursor.</param>
internal sealed record PendingEntries(Memtable Entries, ulong Limit)
{
    public const ulong Base = 1UL << 55;
}
