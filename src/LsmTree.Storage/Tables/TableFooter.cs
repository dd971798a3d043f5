using System.Buffers.Binary;
using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Tables;

/// <summary>The last 112 bytes of a table: who it is, where its parts are, and what the bytes before it hash to.</summary>
/// <param name="Filter">The bloom filter, or absent.</param>
/// <param name="Index">The index.</param>
/// <param name="RangeTombstones">The range tombstones, or absent.</param>
/// <param name="Properties">The properties.</param>
/// <param name="StoreId">The store that wrote the table.</param>
/// <param name="FileNumber">The number in the table's name.</param>
/// <param name="FileChecksum">XxHash3 of all bytes before the footer.</param>
/// <param name="FormatVersion">The version of the format, see <see cref="TableFormat"/>.</param>
internal readonly record struct TableFooter(
    BlockHandle Filter,
    BlockHandle Index,
    BlockHandle RangeTombstones,
    BlockHandle Properties,
    ulong StoreId,
    ulong FileNumber,
    ulong FileChecksum,
    uint FormatVersion)
{
    public const int Bytes = 112;

    private const int HandleBytes = 16;
    private const int StoreIdAt = 4 * HandleBytes;
    private const int FileNumberAt = StoreIdAt + sizeof(ulong);
    private const int FileChecksumAt = FileNumberAt + sizeof(ulong);
    private const int FormatVersionAt = FileChecksumAt + sizeof(ulong);
    private const int ReservedAt = FormatVersionAt + sizeof(uint);
    private const int ChecksumAt = ReservedAt + sizeof(uint);
    private const int MagicAt = ChecksumAt + sizeof(ulong);

    /// <summary>Where the entries' blocks end and the table's own blocks begin.</summary>
    public long DataEnd => Filter.IsAbsent ? Index.Offset : Filter.Offset;

    /// <summary>Writes the footer into <paramref name="destination"/>, which will be at <paramref name="offset"/> of the file.</summary>
    public void Write(Span<byte> destination, long offset)
    {
        WriteHandle(destination, 0, Filter);
        WriteHandle(destination, 1, Index);
        WriteHandle(destination, 2, RangeTombstones);
        WriteHandle(destination, 3, Properties);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[StoreIdAt..], StoreId);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FileNumberAt..], FileNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FileChecksumAt..], FileChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[FormatVersionAt..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ReservedAt..], 0);
        var checksum = BlockChecksum.ForFile(StoreId, FileNumber).Compute(destination[..ChecksumAt], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[ChecksumAt..], checksum);
        TableFormat.Magic.CopyTo(destination[MagicAt..]);
    }

    /// <summary>Who the footer says the table is. Nothing is checked.</summary>
    public static (ulong StoreId, ulong FileNumber) IdentityOf(ReadOnlySpan<byte> source) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(source[StoreIdAt..]), BinaryPrimitives.ReadUInt64LittleEndian(source[FileNumberAt..]));

    /// <summary>Reads and checks a footer that begins at <paramref name="offset"/> of <paramref name="path"/>.</summary>
    /// <exception cref="CorruptionException">It is not the footer of that table of that store.</exception>
    /// <exception cref="StoreFormatException">It is sound, and newer than this library.</exception>
    public static TableFooter Read(ReadOnlySpan<byte> source, long offset, string path, ulong storeId, ulong fileNumber)
    {
        if (!source[MagicAt..].SequenceEqual(TableFormat.Magic))
        {
            CorruptionException.Throw(path, offset, "the footer of a table", "no table's last eight bytes");
        }

        var writtenBy = BinaryPrimitives.ReadUInt64LittleEndian(source[StoreIdAt..]);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(source[FileNumberAt..]);
        var expected = BinaryPrimitives.ReadUInt64LittleEndian(source[ChecksumAt..]);
        var actual = BlockChecksum.ForFile(writtenBy, number).Compute(source[..ChecksumAt], offset);
        if (expected != actual)
        {
            CorruptionException.Throw(path, offset, $"a footer with checksum {expected:x16}", $"checksum {actual:x16}");
        }

        if (writtenBy != storeId || number != fileNumber)
        {
            CorruptionException.Throw(path, offset, $"table {fileNumber} of store {storeId:x16}", $"table {number} of store {writtenBy:x16}");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(source[FormatVersionAt..]);
        if (version is 0 or > TableFormat.NewestVersion)
        {
            throw new StoreFormatException($"{path} has table format {version}; this version of the library reads {TableFormat.BaseVersion} to {TableFormat.NewestVersion}. Open the store with a newer version.");
        }

        var footer = new TableFooter(
            ReadHandle(source, 0),
            ReadHandle(source, 1),
            ReadHandle(source, 2),
            ReadHandle(source, 3),
            writtenBy,
            number,
            BinaryPrimitives.ReadUInt64LittleEndian(source[FileChecksumAt..]),
            version);
        if (!footer.FillsFileUpTo(offset))
        {
            CorruptionException.Throw(path, offset, "parts that follow each other up to the footer", $"{footer}");
        }

        return footer;
    }

    /// <summary>True when filter, index, range tombstones and properties follow each other without a gap and end at <paramref name="footerOffset"/>.</summary>
    private bool FillsFileUpTo(long footerOffset)
    {
        var at = DataEnd;
        return at >= 0
            && Continues(Filter, isOptional: true, ref at)
            && Continues(Index, isOptional: false, ref at)
            && Continues(RangeTombstones, isOptional: true, ref at)
            && Continues(Properties, isOptional: false, ref at)
            && at == footerOffset;
    }

    private static bool Continues(BlockHandle part, bool isOptional, ref long at)
    {
        if (part.IsAbsent)
        {
            return isOptional && part.Offset == 0;
        }

        if (part.Offset != at || part.Size is < 0 or > BlockFormat.MaxStoredBytes)
        {
            return false;
        }

        at = part.End;
        return true;
    }

    private static void WriteHandle(Span<byte> destination, int index, BlockHandle handle)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination[(index * HandleBytes)..], handle.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[(index * HandleBytes + sizeof(long))..], handle.Size);
    }

    private static BlockHandle ReadHandle(ReadOnlySpan<byte> source, int index)
    {
        var offset = BinaryPrimitives.ReadInt64LittleEndian(source[(index * HandleBytes)..]);
        var size = BinaryPrimitives.ReadInt64LittleEndian(source[(index * HandleBytes + sizeof(long))..]);
        // A size that is no int cannot be a block's; -1 is refused by the caller.
        return new BlockHandle(offset, size is < 0 or > int.MaxValue ? -1 : (int)size);
    }
}
