using LsmTree.Storage;

namespace LsmTree.Workloads.Workers;

/// <summary>What a workload is run with. The defaults are those of the side-by-side figures in docs/benchmarks.md.</summary>
internal sealed record WorkloadSettings
{
    /// <summary>The directory that stands for "no directory": a store in memory.</summary>
    public const string InMemory = ":memory:";

    /// <summary>Keys in the store. Default: 1 million.</summary>
    public long Keys { get; init; } = 1_000_000;

    /// <summary>Operations of each workload; null for the workload's own number. Default: null.</summary>
    public long? Operations { get; init; }

    /// <summary>Bytes of a key, from 8. Default: 16, as db_bench's.</summary>
    public int KeyBytes { get; init; } = 16;

    /// <summary>Bytes of a value. Default: 100, as db_bench's.</summary>
    public int ValueBytes { get; init; } = 100;

    /// <summary>Entries of a batch of fillbatch. Default: 100.</summary>
    public int BatchEntries { get; init; } = 100;

    /// <summary>Threads that share a workload's operations. Default: 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes of a memtable. Default: 64 MiB.</summary>
    public long MemtableBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of the block cache. Default: 512 MiB, which holds a million entries.</summary>
    public long CacheBytes { get; init; } = 512L << 20;

    /// <summary>Bits of bloom filter for each key. Default: 10.</summary>
    public int BloomBits { get; init; } = 10;

    /// <summary>How blocks are compressed. Default: not.</summary>
    public Compression Compression { get; init; } = Compression.None;

    /// <summary>What a write waits for. Default: the operating system. fillsync waits for the disk whatever this says.</summary>
    public Durability Durability { get; init; } = Durability.Normal;

    /// <summary>Everything random comes from it. Default: 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Where stores are made, each in a directory of its own that is deleted afterwards; <see cref="InMemory"/> for none.</summary>
    public string Directory { get; init; } = InMemory;

    /// <summary>Ends a workload early, in seconds; null for no limit. Default: null.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>One operation in this many is timed; null for one get in 16, so that the clock does not slow what it measures, and every operation of another kind. Default: null.</summary>
    public int? TimeOneIn { get; init; }

    /// <summary>Operations a second, all threads together, that are due at fixed moments and timed from then on; null for as many as possible. Default: null.</summary>
    public double? Rate { get; init; }

    /// <summary>Seconds of a round of warm-up on a small store; rounds go on until the just-in-time compiler is done. 0 for none. Default: 0.3.</summary>
    public double WarmUpSeconds { get; init; } = 0.3;

    /// <summary>Bytes of an entry's key and value.</summary>
    public long EntryBytes => KeyBytes + ValueBytes;

    public LsmStoreOptions ToOptions() => new()
    {
        Durability = Durability,
        MemtableBytes = MemtableBytes,
        BlockCacheBytes = CacheBytes,
        BloomBitsPerKey = BloomBits,
        Compression = Compression,
        Seed = Seed,
    };
}
