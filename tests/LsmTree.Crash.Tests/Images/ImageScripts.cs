using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>The scripts that are crashed, and the options under which.</summary>
internal static class ImageScripts
{
    private static readonly LsmStoreOptions s_normal = new()
    {
        Background = BackgroundMode.Manual,
        MemtableBytes = 64 << 10,
        TableBytes = 64 << 10,
        BlockCacheBytes = 0,
        Seed = 11,
    };

    /// <summary>What a program can do next, for all sequences of up to three of them.</summary>
    public static IReadOnlyList<string> Alphabet { get; } = ["p1", "f2", "P3", "d1", "r0-4", "B", "t", "F", "C", "S", "R", "K"];

    public static IReadOnlyList<(string Name, LsmStoreOptions Options)> OptionSets { get; } =
    [
        ("normal", s_normal),
        ("full", s_normal with { Durability = Durability.Full }),
        ("off", s_normal with { Durability = Durability.Off }),
        ("positional", s_normal with { LogAppend = LogAppend.Positional }),
        ("full-positional", s_normal with { Durability = Durability.Full, LogAppend = LogAppend.Positional }),
        ("brotli", s_normal with { Compression = Compression.Brotli, BlockBytes = 512 }),
    ];

    /// <summary>Written by hand, each for a place where stores have lost data before.</summary>
    public static IReadOnlyList<string> Written { get; } =
    [
        "", // the making of a store
        "p1", "f1", "b", "B", "t", "r0-5", "i1 i1 d1 i1",
        "p1 F", "p1 p2 F p1 p3 F", "f1 F f1", "F F F",
        "p1 F p1 F p1 F p1 F C", // many tables of one key become one
        "p0 p1 p2 p3 F r1-3 F C", // tombstones reach the bottom
        "p0 p1 p2 F d0 d1 d2 F C F", // everything is deleted
        "m S S m S S m S S", // memtables rotate while earlier ones are flushed
        "m m f1", // a sync that covers two logs
        "m f1 m f2 m f3 S S S S",
        "m m S m S p1", // a flush between two rotations
        "P1 P2 P3 P4 P5 S P6 S S",
        "p1 R p2 R p3 R", "p1 K p2 K p3 K", "m K m K", "m R C R",
        "D f1 F f2", "D p1 f2 K f3 R", // in a directory that the application has just made
        "p1 f2 U p3 F U d1 U C", // backups, each restored
        "p1 m X p2 X K", "p0 p1 F d1 U K U", "p1 p2 F d1 N p3 C N", // copies of what is and is not in tables
        "p1 L0 p1 L2 F L4 C", "m L3 K p4 L3 d5 R", "f1 L0 r1-3 L1 K C", // bulk loads between writes
        "p1 F K p2 F K C K", // recovery after flushes
        "f1 K f2 K f3 K f4", "b K b K b", "t K t F K t C",
        "p1 X p2 F X", // checkpoints under way
        "p0 p1 F s p0 d1 F C p2", // a snapshot keeps old versions
        "s m S s m S C m C",
        "r0-5 F r5-9 F p3 F C r0-11", "p5 r0-9 p5 F r0-5 C K",
        "e e e F e C", "p1 S S S S p2 S S", "V p1 V F V",
        "p1 F p2 F p3 F p4 F p5 F p6 F p7 F p8 F S S S S S", // compaction by itself, its inputs deleted
        "m F m F m F m F C C", "m C m C m C",
        "f1 m f2 S f3 m f4 C f5 R f6",
        "B B B K B B B F B C B R B",
        "P1 d1 P1 d1 P1 d1 F C", "p1 d1 F C R K", "f1 r0-3 f1 r0-3 F K C K f1",
        "m S K m S K m S C", "p1 F C R p2 F C R p3 F C R", "R R K K R", "C C F S R C",
        "t t F t t C t K t", "i0 i1 i2 F i0 d1 i1 F C i1 K i2", "p1 p2 p3 F S r0-2 S F S C S K S",
    ];

    /// <summary>All sequences of one word of the alphabet, of two, and so on up to <paramref name="length"/>.</summary>
    public static IEnumerable<string> Sequences(int length)
    {
        IEnumerable<string> sequences = Alphabet;
        for (var words = 1; words <= length; words++)
        {
            foreach (var sequence in sequences)
            {
                yield return sequence;
            }

            var shorter = sequences.ToList();
            sequences = shorter.SelectMany(static _ => Alphabet, static (sequence, word) => $"{sequence} {word}");
        }
    }

    public static LsmStoreOptions Options(string name) => OptionSets.First(set => set.Name == name).Options;
}
