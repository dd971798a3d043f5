using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models;

/// <summary>Twenty-four ways to configure a store. None of them may change what a reader sees.</summary>
internal static class OptionSets
{
    // The smallest sizes that the options allow: many flushes, compactions and levels within a few thousand steps.
    private static readonly LsmStoreOptions s_small = new()
    {
        Background = BackgroundMode.Manual,
        MemtableBytes = 64 << 10,
        TableBytes = 64 << 10,
        BlockCacheBytes = 1 << 20,
        BlockBytes = 4 << 10,
        Seed = 7,
    };

    public static IReadOnlyList<(string Name, LsmStoreOptions Options)> All { get; } =
    [
        ("small", s_small),
        ("tiny-blocks", s_small with { BlockBytes = 512 }),
        ("large-blocks", s_small with { BlockBytes = 64 << 10 }),
        ("no-cache", s_small with { BlockCacheBytes = 0 }),
        ("tiny-cache", s_small with { BlockCacheBytes = 8 << 10 }),
        ("no-bloom", s_small with { BloomBitsPerKey = 0 }),
        ("one-bit-bloom", s_small with { BloomBitsPerKey = 1 }),
        ("dense-bloom", s_small with { BloomBitsPerKey = 32 }),
        ("brotli", s_small with { Compression = Compression.Brotli }),
        ("brotli-tiny-blocks", s_small with { Compression = Compression.Brotli, BlockBytes = 512 }),
        ("brotli-no-cache", s_small with { Compression = Compression.Brotli, BlockCacheBytes = 0, BloomBitsPerKey = 0 }),
        ("positional-log", s_small with { LogAppend = LogAppend.Positional }),
        ("full", s_small with { Durability = Durability.Full }),
        ("full-positional", s_small with { Durability = Durability.Full, LogAppend = LogAppend.Positional }),
        ("off", s_small with { Durability = Durability.Off }),
        ("off-tiny-blocks", s_small with { Durability = Durability.Off, BlockBytes = 512, BlockCacheBytes = 0 }),
        ("other-memtable", s_small with { MemtableBytes = 96 << 10 }),
        ("large-memtable", s_small with { MemtableBytes = 1 << 20 }),
        ("large-tables", s_small with { TableBytes = 1 << 20 }),
        ("point-in-time", s_small with { Recovery = RecoveryMode.PointInTime }),
        ("other-seed", s_small with { Seed = 0xFFFF_FFFF_FFFF_FFFF }),
        ("defaults", new LsmStoreOptions { Background = BackgroundMode.Manual, Seed = 1, MemtableBytes = 4 << 20 }),
        ("threads", s_small with { Background = BackgroundMode.Threads }),
        ("threads-tiny", s_small with { Background = BackgroundMode.Threads, BlockBytes = 512, BlockCacheBytes = 16 << 10, Compression = Compression.Brotli }),
    ];

    public static LsmStoreOptions Named(string name) => All.First(set => set.Name == name).Options;
}
