using System.Buffers.Binary;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Blocks;

/// <summary>From a place in a file to the contents of a block: one positional read, then the checksum, then the codec. In that order.</summary>
/// <remarks>
/// Arrays it gives out have the shape of a whole uncompressed block: contents, then <see cref="BlockFormat.TrailerBytes"/> bytes. So a block that
/// is stored as it is gets read straight into the array that will be cached.
/// </remarks>
internal sealed class BlockReader
{
    private readonly IReadFile _file;
    private readonly BlockChecksum _checksum;

    public BlockReader(IReadFile file, BlockChecksum checksum)
    {
        _file = file;
        _checksum = checksum;
    }

    public string Path => _file.Path;

    /// <summary>Reads the block at <paramref name="handle"/> into an array of its own.</summary>
    public byte[] Read(BlockHandle handle)
    {
        CheckPlace(handle);
        var array = GC.AllocateUninitializedArray<byte>(handle.Size + BlockFormat.TrailerBytes);
        Fill(handle.Offset, array);
        return Check(array, handle) == Compression.None ? array : Decompress(array, handle);
    }

    /// <summary>Copies the block whose stored bytes, trailer included, the caller has read, into an array of its own.</summary>
    public byte[] Copy(ReadOnlySpan<byte> stored, BlockHandle handle) =>
        Check(stored, handle) == Compression.None ? stored.ToArray() : Decompress(stored, handle);

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>; a file that ends before is damaged.</summary>
    public void Fill(long offset, Span<byte> destination)
    {
        var read = _file.Read(offset, destination);
        if (read != destination.Length)
        {
            CorruptionException.Throw(_file.Path, offset, $"{destination.Length} bytes", $"the end of the file after {read}");
        }
    }

    /// <summary>Checks the stored bytes of a block, trailer included, and gives the codec of its contents.</summary>
    public Compression Check(ReadOnlySpan<byte> stored, BlockHandle handle)
    {
        var covered = stored[..(handle.Size + 1)];
        var expected = BinaryPrimitives.ReadUInt64LittleEndian(stored[covered.Length..]);
        var actual = _checksum.Compute(covered, handle.Offset);
        if (expected != actual)
        {
            CorruptionException.Throw(_file.Path, handle.Offset, $"a block of {handle.Size} bytes with checksum {expected:x16}", $"checksum {actual:x16}");
        }

        var compression = (Compression)covered[^1];
        if (!BlockCodec.IsKnown(covered[^1]))
        {
            ThrowUnknown(covered[^1], handle);
        }

        return compression;
    }

    /// <summary>A block of entries in contents that were checked; throws when its restart array is not one.</summary>
    public Block Decode(byte[] array, int start, int length, BlockHandle handle)
    {
        if (!Block.TryCreate(array, start, length, out var block))
        {
            CorruptionException.Throw(_file.Path, handle.Offset, "a block of entries", "a restart array that does not fit its contents");
        }

        return block;
    }

    private byte[] Decompress(ReadOnlySpan<byte> stored, BlockHandle handle)
    {
        var contents = stored[..handle.Size];
        if (!BlockCodec.TryReadSize(contents, out var size, out var headerBytes))
        {
            CorruptionException.Throw(_file.Path, handle.Offset, "a compressed block of a credible size", $"{handle.Size} bytes that claim to become {size}");
        }

        var array = new byte[size + BlockFormat.TrailerBytes];
        if (!BlockCodec.TryDecompress((Compression)stored[handle.Size], contents[headerBytes..], array.AsSpan(0, size)))
        {
            CorruptionException.Throw(_file.Path, handle.Offset, $"data of compression {stored[handle.Size]} that become {size} bytes", "something else");
        }

        return array;
    }

    private void ThrowUnknown(byte codec, BlockHandle handle)
    {
        if (codec >= BlockCompressor.LeastId)
        {
            throw new StoreFormatException($"{_file.Path}: the block at offset {handle.Offset} was compressed by number {codec}, and no such compressor is registered. Register it (BlockCompressor.Register) before you open the store.");
        }

        CorruptionException.Throw(_file.Path, handle.Offset, "a block stored as it is (0) or with Brotli (1)", $"compression {codec}");
    }

    private void CheckPlace(BlockHandle handle)
    {
        if (handle.Offset < 0 || handle.Size is < 0 or > BlockFormat.MaxStoredBytes || handle.End > _file.Length)
        {
            CorruptionException.Throw(_file.Path, handle.Offset, $"a block of {handle.Size} bytes", $"a file of {_file.Length} bytes");
        }
    }
}
