using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>What a connection string asks of its session, typed.</summary>
/// <param name="DataSource">The directory as written, or the name of a shared store in memory, or ":memory:".</param>
/// <param name="InMemory">True for Mode=Memory and for ":memory:".</param>
/// <param name="Mode">What may be done with the directory.</param>
/// <param name="Durability">What a commit waits for.</param>
/// <param name="Timeout">How long to wait for another process's lock; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for ever.</param>
/// <param name="Pooling">Whether the engine stays open for a while after its last connection.</param>
/// <param name="EngineIdleTimeout">How long.</param>
/// <param name="MemoryBudget">Bytes for memtables and block cache together; null for the engine's defaults.</param>
/// <param name="MemtableBytes">Bytes of a memtable; null for the engine's default.</param>
/// <param name="Compression">How new tables are compressed; null for the engine's default.</param>
internal sealed record SessionSettings(string DataSource, bool InMemory, OpenMode Mode, Durability Durability, TimeSpan Timeout, bool Pooling, TimeSpan EngineIdleTimeout, long? MemoryBudget, long? MemtableBytes, Compression? Compression)
{
    /// <summary>What logs and metrics call the store; empty for its directory.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether statements may read every row of a table.</summary>
    public bool AllowsFullScan { get; init; } = true;

    /// <summary>Is told what the engine does, when this session's connection opens it; null for nobody.</summary>
    public StoreEventListener? Events { get; init; }
}
