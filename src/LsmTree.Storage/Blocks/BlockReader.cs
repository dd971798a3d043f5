using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Blocks;

/// <summary>From a place in a file to the contents of a block: one positional read, then the checksum, then the codec. In that order.</summary>
/// <remarks>
/// Arrays and frames it gives out have the shape of a whole uncompressed block: contents, then <see cref="BlockFormat.TrailerBytes"/> bytes. So a block that
/// is stored as it is gets read straight into the memory that will be cached.
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

    /// <summary>Reads the block of entries at <paramref name="handle"/> into memory of the cache, pinned once for the caller; false when it is too large for the cache.</summary>
    public bool TryRead(BlockCache cache, BlockHandle handle, out BlockFrame frame)
    {
        CheckPlace(handle);
        if (!cache.TryRent(handle.Size, out frame))
        {
            return false;
        }

        var stored = frame;
        var isKept = false;
        try
        {
            Fill(handle.Offset, stored.Stored);
            if (Check(stored.Stored, handle) != Compression.None)
            {
                return TryDecompress(cache, stored.Stored, handle, out frame);
            }

            CheckEntries(stored, handle);
            isKept = true;
            return true;
        }
        finally
        {
            if (!isKept)
            {
                cache.Release(stored);
            }
        }
    }

    /// <summary>As <see cref="TryRead"/>, for a block whose stored bytes, trailer included, the caller has read.</summary>
    public bool TryCopy(BlockCache cache, ReadOnlySpan<byte> stored, BlockHandle handle, out BlockFrame frame)
    {
        if (Check(stored, handle) != Compression.None)
        {
            return TryDecompress(cache, stored, handle, out frame);
        }

        if (!cache.TryRent(handle.Size, out frame))
        {
            return false;
        }

        stored.CopyTo(frame.Stored);
        CheckOrRelease(cache, frame, handle);
        return true;
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
            ThrowNoEntries(handle);
        }

        return block;
    }

    private byte[] Decompress(ReadOnlySpan<byte> stored, BlockHandle handle)
    {
        var array = new byte[DecompressedSize(stored, handle) + BlockFormat.TrailerBytes];
        Decompress(stored, handle, array.AsSpan(..^BlockFormat.TrailerBytes));
        return array;
    }

    private bool TryDecompress(BlockCache cache, ReadOnlySpan<byte> stored, BlockHandle handle, out BlockFrame frame)
    {
        if (!cache.TryRent(DecompressedSize(stored, handle), out frame))
        {
            return false;
        }

        try
        {
            frame.Stored[^BlockFormat.TrailerBytes..].Clear();
            Decompress(stored, handle, frame.Stored[..^BlockFormat.TrailerBytes]);
        }
        catch
        {
            cache.Release(frame);
            throw;
        }

        CheckOrRelease(cache, frame, handle);
        return true;
    }

    private int DecompressedSize(ReadOnlySpan<byte> stored, BlockHandle handle)
    {
        if (!BlockCodec.TryReadSize(stored[..handle.Size], out var size, out _))
        {
            CorruptionException.Throw(_file.Path, handle.Offset, "a compressed block of a credible size", $"{handle.Size} bytes that claim to become {size}");
        }

        return size;
    }

    private void Decompress(ReadOnlySpan<byte> stored, BlockHandle handle, Span<byte> contents)
    {
        var compressed = stored[..handle.Size];
        _ = BlockCodec.TryReadSize(compressed, out _, out var headerBytes);
        if (!BlockCodec.TryDecompress((Compression)stored[handle.Size], compressed[headerBytes..], contents))
        {
            CorruptionException.Throw(_file.Path, handle.Offset, $"data of compression {stored[handle.Size]} that become {contents.Length} bytes", "something else");
        }
    }

    private void CheckOrRelease(BlockCache cache, BlockFrame frame, BlockHandle handle)
    {
        try
        {
            CheckEntries(frame, handle);
        }
        catch
        {
            cache.Release(frame);
            throw;
        }
    }

    private void CheckEntries(BlockFrame frame, BlockHandle handle)
    {
        if (!Block.TryCreate(frame, out _))
        {
            ThrowNoEntries(handle);
        }
    }

    [DoesNotReturn]
    private void ThrowNoEntries(BlockHandle handle) =>
        CorruptionException.Throw(_file.Path, handle.Offset, "a block of entries", "a restart array that does not fit its contents");

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
