namespace LsmTree.Storage.Tables;

/// <summary>The bytes of a table: one immutable sorted file.</summary>
/// <remarks>
/// <code>
///   ┌──────────────┐ 0
///   │ data block 0 │   entries in internal order (<see cref="Blocks.BlockFormat"/>), one after the other without a gap
///   │ data block 1 │
///   │      …       │
///   ├──────────────┤
///   │ filter       │   <see cref="BloomFilter"/>; absent when the table has no entries or was written without
///   ├──────────────┤
///   │ index        │   <see cref="TableIndex"/>; one line for each data block
///   ├──────────────┤
///   │ tombstones   │   <see cref="RangeTombstoneBlock"/>; absent when there are none
///   ├──────────────┤
///   │ properties   │   <see cref="TableProperties"/>
///   ├──────────────┤ length - 112
///   │ footer       │   <see cref="TableFooter"/>: where the four above are, identity, checksum of the file, checksum of itself, magic
///   └──────────────┘
/// </code>
/// <para>Each part is a block with a trailer, so each has a checksum that knows the store, the file number and the offset. No byte is
/// unaccounted for: the parts touch, which is checked on opening. So a flipped bit anywhere is an error or changes nothing.</para>
/// <para>Footer, integers little-endian:</para>
/// <code>
///     0  filter, index, range tombstones, properties: each offset int64, size int64 (0, 0 when absent)
///    64  store id uint64
///    72  file number uint64
///    80  XxHash3 of all bytes before the footer
///    88  format version uint32: 1, or 2 when an entry expires; then four zero bytes
///    96  checksum of bytes 0 … 95, bound to store, file and offset as a block's
///   104  "LSMTABLE"
/// </code>
/// </remarks>
internal static class TableFormat
{
    /// <summary>The version of a table none of whose entries expires.</summary>
    public const uint BaseVersion = 1;

    /// <summary>The version of a table with entries that expire: an older reader would take them for gone.</summary>
    public const uint ExpiringVersion = 2;

    /// <summary>The newest version that this library reads.</summary>
    public const uint NewestVersion = ExpiringVersion;

    /// <summary>The last eight bytes of every table.</summary>
    public static ReadOnlySpan<byte> Magic => "LSMTABLE"u8;
}
