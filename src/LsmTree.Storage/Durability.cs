namespace LsmTree.Storage;

/// <summary>What a write waits for before it returns. The names and their order are SQLite's <c>synchronous</c>.</summary>
/// <remarks>
/// A store has one mode (<see cref="LsmStoreOptions.Durability"/>); a single write may ask for more than its store's mode, never for less.
/// docs/durability.md says what survives which failure.
/// </remarks>
public enum Durability
{
    /// <summary>No log is written: after a crash the store is as of its last flush.</summary>
    Off = 0,

    /// <summary>
    /// The write has reached the operating system: it survives the death of the process; a power cut may lose the newest writes, never
    /// a write in the middle. The engine's default, as in LevelDB and RocksDB (<c>sync = false</c>).
    /// </summary>
    Normal = 1,

    /// <summary>The write returns after an fsync that covers it: it survives a power cut. Concurrent writes share one fsync.</summary>
    Full = 2,
}
