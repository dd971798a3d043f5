namespace LsmTree.Storage.Blocks;

/// <summary>The bytes of a block: the unit of reading, checking, compressing and caching.</summary>
/// <remarks>
/// <para>On disk, whatever the contents are (entries, filter, index …):</para>
/// <code>
///   ┌─────────────────┬───────────────┬─────────────────┐
///   │ stored contents │ compression 1 │ checksum uint64 │      the last two are the trailer, 9 bytes
///   └─────────────────┴───────────────┴─────────────────┘
/// </code>
/// <para>The checksum is XxHash3 over stored contents and compression byte, xor the block's identity, which is mixed from store id, file number and
/// offset (<see cref="BlockChecksum"/>). A block that was written to, or is read from, the wrong place does not match. It is checked before
/// anything is decompressed or decoded. Brotli contents begin with their decompressed size as a varint, which is checked before memory is taken.</para>
/// <para>Contents of a block of entries; integers of fixed size are little-endian:</para>
/// <code>
///   entry*  restart uint32 × n  n uint32
///
///   entry:  shared varint | unshared varint | value length varint | trailer varint | key suffix | value
/// </code>
/// <para>A user key is <c>shared</c> bytes of the key before it and then the suffix. Every 8 entries (by default) is a restart: shared = 0, the key is
/// whole, and its offset is in the restart array, which a search bisects before it walks. The trailer is the internal key's
/// (sequence number above kind, <see cref="Keys.Trailer"/>): 1 byte after compaction has zeroed the sequence number, 4 or 5 in between.</para>
/// <para>Example, stored as it is: "ant"#2,PUT = "red" and "ants"#1,DELETE</para>
/// <code>
///   00 03 03 81 04  61 6E 74  72 65 64       0 shared, 3 unshared, 3 of value, trailer 2 × 256 + 1, "ant", "red"
///   03 01 00 80 02  73                       3 shared, 1 unshared, no value,   trailer 1 × 256 + 0, "s"
///   00 00 00 00  01 00 00 00                 one restart, at offset 0
///   00  ‹checksum, 8 bytes›                  Compression.None
/// </code>
/// <para>Invariants of a block of entries, each checked before use: (1) there is at least one restart, the first at offset 0, strictly ascending, all
/// inside the entries; (2) the entry at a restart has shared = 0; (3) shared is at most the length of the key before; (4) suffix and value end inside
/// the entries; (5) at most <see cref="MaxRestartInterval"/> entries lie between restarts, so that stepping backwards costs a bounded walk.</para>
/// </remarks>
internal static class BlockFormat
{
    /// <summary>Compression byte and checksum.</summary>
    public const int TrailerBytes = 1 + sizeof(ulong);

    /// <summary>The most entries from one restart to the next. The default is 8: see docs/benchmarks.md, "What was tried".</summary>
    public const int MaxRestartInterval = 256;

    /// <summary>The most bytes that a block may store: 1 GiB, above the largest value (512 MiB), key and overhead together.</summary>
    public const int MaxStoredBytes = 1 << 30;

    /// <summary>The most bytes that a compressed block may become: 16 MiB. A larger block is stored as it is.</summary>
    public const int MaxDecompressedBytes = 16 << 20;

    /// <summary>The most that a compressed block may grow by, so that a small hostile file cannot take much memory.</summary>
    public const int MaxCompressionRatio = 1024;
}
