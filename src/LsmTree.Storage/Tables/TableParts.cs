using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tables;

/// <summary>All of a table but its data blocks, read and checked: what an open table keeps in memory.</summary>
/// <remarks>
/// The parts lie together at the end of the file. One read of the last 64 KiB has them all for a small table; a second one fetches what is
/// missing of a large filter and index.
/// </remarks>
internal sealed class TableParts
{
    private const int TailBytes = 64 << 10;

    private TableParts(TableFooter footer, TableIndex index, BloomFilter? filter, RangeTombstoneList rangeTombstones, TableProperties properties)
    {
        Footer = footer;
        Index = index;
        Filter = filter;
        RangeTombstones = rangeTombstones;
        Properties = properties;
    }

    public TableFooter Footer { get; }

    public TableIndex Index { get; }

    /// <summary>Null when every key may be in the table.</summary>
    public BloomFilter? Filter { get; }

    public RangeTombstoneList RangeTombstones { get; }

    public TableProperties Properties { get; }

    /// <summary>Gives the native memory of index and filter back, as soon as nobody can be reading it.</summary>
    public void Close()
    {
        Index.Close();
        Filter?.Close();
    }

    /// <exception cref="CorruptionException">A part is damaged, or the file is not that table of that store.</exception>
    /// <exception cref="StoreFormatException">The table is newer than this library.</exception>
    public static TableParts Read(IReadFile file, BlockReader reader, ulong storeId, ulong fileNumber)
    {
        var footerOffset = file.Length - TableFooter.Bytes;
        if (footerOffset < 0)
        {
            CorruptionException.Throw(file.Path, 0, $"a table of {TableFooter.Bytes} bytes at least", $"{file.Length} bytes");
        }

        var tailStart = Math.Max(0, file.Length - TailBytes);
        using var bytes = new ByteBuffer();
        using var whole = new ByteBuffer();
        var tail = bytes.Reserve((int)(file.Length - tailStart))[..(int)(file.Length - tailStart)];
        reader.Fill(tailStart, tail);
        var footer = TableFooter.Read(tail[^TableFooter.Bytes..], footerOffset, file.Path, storeId, fileNumber);
        if (footer.DataEnd < tailStart)
        {
            if (file.Length - footer.DataEnd > Array.MaxLength)
            {
                CorruptionException.Throw(file.Path, footer.DataEnd, "filter and index within 2 GiB", $"{file.Length - footer.DataEnd} bytes");
            }

            var missing = (int)(tailStart - footer.DataEnd);
            var joined = whole.Reserve((int)(file.Length - footer.DataEnd))[..(int)(file.Length - footer.DataEnd)];
            reader.Fill(footer.DataEnd, joined[..missing]);
            tail.CopyTo(joined[missing..]);
            tail = joined;
            tailStart = footer.DataEnd;
        }

        return new Source(reader, tail, tailStart).Read(footer, file.Length);
    }

    /// <summary>The end of the file in memory, from <paramref name="start"/> on.</summary>
    private readonly ref struct Source(BlockReader reader, ReadOnlySpan<byte> bytes, long start)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public TableParts Read(in TableFooter footer, long fileBytes)
        {
            var propertiesContents = Contents(footer.Properties);
            var properties = TableProperties.Read(propertiesContents.AsSpan(..^BlockFormat.TrailerBytes), fileBytes, footer)
                ?? throw Damaged(footer.Properties, "the properties of a table", "something else");

            var indexContents = PlainOrDecompressed(footer.Index);
            var index = TableIndex.Read(indexContents[..^BlockFormat.TrailerBytes], footer.DataEnd)
                ?? throw Damaged(footer.Index, $"an index of {footer.DataEnd} bytes of data blocks", "something else");
            BloomFilter? filter = null;
            TableParts? parts = null;
            try
            {
                if (index.EntryCount != properties.EntryCount)
                {
                    throw Damaged(footer.Index, $"an index of {properties.EntryCount} entries", $"{index.EntryCount}");
                }

                filter = ReadFilter(footer);
                parts = new TableParts(footer, index, filter, ReadRangeTombstones(footer, properties), properties);
                return parts;
            }
            finally
            {
                if (parts is null)
                {
                    index.Close();
                    filter?.Close();
                }
            }
        }

        private BloomFilter? ReadFilter(in TableFooter footer)
        {
            if (footer.Filter.IsAbsent)
            {
                return null;
            }

            return BloomFilter.TryRead(PlainOrDecompressed(footer.Filter)[..^BlockFormat.TrailerBytes], out var filter)
                ? filter
                : throw Damaged(footer.Filter, "a bloom filter", "something else");
        }

        private RangeTombstoneList ReadRangeTombstones(in TableFooter footer, TableProperties properties)
        {
            List<RangeTombstone>? tombstones = [];
            if (!footer.RangeTombstones.IsAbsent)
            {
                tombstones = RangeTombstoneBlock.Read(Contents(footer.RangeTombstones).AsSpan(..^BlockFormat.TrailerBytes));
            }

            return tombstones?.Count == properties.RangeTombstoneCount
                ? RangeTombstoneList.From(tombstones)
                : throw Damaged(footer.RangeTombstones, $"{properties.RangeTombstoneCount} range tombstones", $"{tombstones?.Count ?? 0}");
        }

        /// <summary>For what is copied into native memory: as it is stored, it need not be copied twice.</summary>
        private ReadOnlySpan<byte> PlainOrDecompressed(BlockHandle handle)
        {
            var stored = Stored(handle);
            return reader.Check(stored, handle) == Compression.None ? stored : Contents(handle);
        }

        private byte[] Contents(BlockHandle handle) => reader.Copy(Stored(handle), handle);

        private ReadOnlySpan<byte> Stored(BlockHandle handle) => _bytes.Slice((int)(handle.Offset - start), handle.Size + BlockFormat.TrailerBytes);

        private CorruptionException Damaged(BlockHandle handle, string expected, string found) => new(reader.Path, handle.Offset, expected, found);
    }
}
