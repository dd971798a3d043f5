namespace LsmTree.Storage;

/// <summary>The settings of a store. Values only; every one has a default that serves, and says where it comes from.</summary>
public sealed record LsmStoreOptions
{
    /// <summary>Whether the directory may be created, must exist, or is only read. Default: <see cref="OpenMode.ReadWriteCreate"/>.</summary>
    public OpenMode Mode { get; init; } = OpenMode.ReadWriteCreate;

    /// <summary>What every write waits for. Default: <see cref="Durability.Normal"/>, as in LevelDB and RocksDB.</summary>
    public Durability Durability { get; init; } = Durability.Normal;

    /// <summary>
    /// Bytes that a memtable may hold before it is frozen and flushed: 64 KiB to 1 GiB. Default: 32 MiB (LevelDB has 4 MiB, RocksDB 64 MiB).
    /// At most three exist at a time: one active, two waiting for their flush.
    /// </summary>
    public long MemtableBytes { get; init; } = 32L << 20;

    /// <summary>
    /// Bytes that a transaction may hold in memory, 64 KiB to 4 GiB: its edits (twice, as the batch and sorted) and, when it is serializable, the keys that it
    /// has read. What would go beyond is refused with <see cref="TransactionTooLargeException"/>. Default: 512 MiB; a batch, and so a commit, has at most 1 GiB.
    /// </summary>
    public long TransactionBytes { get; init; } = 512L << 20;

    /// <summary>
    /// Bytes of tables that stay in memory, from 0: the filters and indexes of open tables, and in what these leave, but always in a quarter of it, blocks.
    /// Default: 64 MiB (LevelDB has 8 MiB, RocksDB 32 MiB).
    /// </summary>
    public long BlockCacheBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of entries in a block, the unit of reading: 512 B to 1 MiB. Default: 4 KiB, as LevelDB's and RocksDB's block_size.</summary>
    public int BlockBytes { get; init; } = 4 << 10;

    /// <summary>Bits of bloom filter for each key: 0 (none) to 32. Default: 10, which lets 1 in 100 absent keys through, as in LevelDB.</summary>
    public int BloomBitsPerKey { get; init; } = 10;

    /// <summary>
    /// Whether tables of the last level, which hold nine tenths of the keys, get filters. False saves that memory where most keys that are looked up exist: a
    /// key that is absent then costs a block. Default: true, as with RocksDB's optimize_filters_for_hits = false.
    /// </summary>
    public bool FiltersOnLastLevel { get; init; } = true;

    /// <summary>Bytes of a table file written by a compaction, 64 KiB to 2 GiB. Default: 32 MiB (RocksDB has 64 MiB, LevelDB 2 MiB).</summary>
    public long TableBytes { get; init; } = 32L << 20;

    /// <summary>How blocks of new tables are compressed. Default: <see cref="Compression.None"/>.</summary>
    public Compression Compression { get; init; } = Compression.None;

    /// <summary>
    /// How blocks of new tables of each level are compressed, from level 0 on; the last element holds for all deeper levels, so [None, Brotli] leaves what flushes write as it
    /// is. A table changes its compression when a compaction rewrites it. Default: null, <see cref="Compression"/> for all, as with RocksDB's compression_per_level.
    /// </summary>
    public IReadOnlyList<Compression>? CompressionPerLevel { get; init; }

    /// <summary>What recovery does with damage in the log. Default: <see cref="RecoveryMode.TornTail"/>.</summary>
    public RecoveryMode Recovery { get; init; } = RecoveryMode.TornTail;

    /// <summary>Whether flushes and compactions run on threads of the store or are stepped by hand (tests). Default: threads.</summary>
    public BackgroundMode Background { get; init; } = BackgroundMode.Threads;

    /// <summary>How the log reaches the disk. Default: <see cref="LogAppend.Mapped"/>, falling back to positional writes where space cannot be reserved for certain (only ext4, XFS and tmpfs do).</summary>
    public LogAppend LogAppend { get; init; } = LogAppend.Mapped;

    /// <summary>Is told of flushes, compactions, stalls, errors in the background and the rest. Default: null, nobody.</summary>
    public StoreEventListener? Events { get; init; }

    /// <summary>
    /// What metrics and traces call the store. Default: null, which is its directory, or ":memory:". While two open stores of a process have
    /// one name, the second is called "name #2".
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether every snapshot, transaction and cursor remembers the stack that created it, for <see cref="StoreInspector.GetOpenReaders"/>: to find who forgot to dispose one.
    /// Takes some ten microseconds each. Default: false.
    /// </summary>
    public bool KeepCreationStacks { get; init; }

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The seed of everything that is drawn at random (the identity of a new store). Null draws it from the clock and the process. Default: null.</summary>
    public ulong? Seed { get; init; }
}
