namespace LsmTree.Storage.Commits;

/// <summary>What the commit path needs of the options.</summary>
/// <param name="Durability">The store's mode.</param>
/// <param name="MemtableBytes">Bytes at which a memtable is frozen.</param>
/// <param name="MaxFrozen">Frozen memtables that may wait for their flush before writes wait for one: 2, as RocksDB's max_write_buffer_number less one.</param>
internal sealed record CommitSettings(Durability Durability, long MemtableBytes, int MaxFrozen = CommitSettings.MostMemtables - 1)
{
    /// <summary>Memtables in memory at once, the one being written included.</summary>
    public const int MostMemtables = 3;

    /// <summary>Refuses a write that asks for less than the store's mode.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void Check(Durability? asked)
    {
        if (asked is { } durability && durability < Durability)
        {
            throw new ArgumentException($"A write can ask for more durability than its store has, not for less: the store has {Durability}, the write asks for {durability}.", nameof(asked));
        }
    }
}
