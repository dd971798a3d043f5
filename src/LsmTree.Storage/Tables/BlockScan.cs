using System.Buffers.Binary;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tables;

/// <summary>Finds where a block of entries ends when no index says so.</summary>
/// <remarks>
/// A block ends in its codec byte and its checksum; one that is stored as it is has its restart count before them, and that leads to the first restart, which is 0. Few
/// places look like that, and only there the checksum is computed: it decides.
/// </remarks>
internal sealed class BlockScan
{
    /// <summary>Blocks up to this size are found, in bytes: 4 MiB, four times the largest setting. A single larger entry is not.</summary>
    private const int MaxBlockBytes = 4 << 20;

    private readonly IReadFile _file;
    private readonly BlockChecksum _checksum;
    private readonly long _end;
    private byte[] _window = [];
    private long _start;

    /// <param name="file">The table.</param>
    /// <param name="checksum">The identity of its checksums.</param>
    /// <param name="end">Where the blocks end at the latest.</param>
    public BlockScan(IReadFile file, BlockChecksum checksum, long end)
    {
        _file = file;
        _checksum = checksum;
        _end = end;
    }

    /// <summary>The block that begins at <paramref name="offset"/>.</summary>
    public bool TryFind(long offset, out BlockHandle handle)
    {
        var bytes = Peek(offset);
        for (var size = 1; size + BlockFormat.TrailerBytes <= bytes.Length; size++)
        {
            if (MayEndAt(bytes, size)
                && _checksum.Compute(bytes[..(size + 1)], offset) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[(size + 1)..]))
            {
                handle = new BlockHandle(offset, size);
                return true;
            }
        }

        handle = default;
        return false;
    }

    private static bool MayEndAt(ReadOnlySpan<byte> bytes, int size)
    {
        if (bytes[size] != (byte)Compression.None)
        {
            // A block is compressed only when that makes it smaller.
            return BlockCodec.IsKnown(bytes[size]) && BlockCodec.TryReadSize(bytes[..size], out var whole, out _) && size < whole;
        }

        if (size < 3 * sizeof(uint))
        {
            return false;
        }

        var restarts = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(size - sizeof(uint))..]);
        return restarts is > 0
            && restarts < (uint)size / sizeof(uint)
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(size - (int)(restarts + 1) * sizeof(uint))..]) == 0;
    }

    private ReadOnlySpan<byte> Peek(long offset)
    {
        var wanted = (int)Math.Min(MaxBlockBytes + BlockFormat.TrailerBytes, _end - offset);
        if (offset < _start || offset + wanted > _start + _window.Length)
        {
            // Twice as much as a block may take, so that the window is not read anew for each block.
            var length = (int)Math.Min(2L * MaxBlockBytes, _end - offset);
            _window = new byte[Math.Max(length, wanted)];
            _start = offset;
            var read = _file.Read(offset, _window);
            if (read < _window.Length)
            {
                Array.Resize(ref _window, read);
            }
        }

        var within = (int)(offset - _start);
        return _window.AsSpan(within, Math.Min(wanted, _window.Length - within));
    }
}
