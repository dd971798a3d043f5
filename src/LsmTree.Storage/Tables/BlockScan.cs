using System.Buffers.Binary;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
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

    /// <summary>The longest restart array that is looked back over, in bytes: 64 KiB, of 16,000 restarts.</summary>
    private const int MaxRestartBytes = 64 << 10;

    private const int CancellationInterval = 4096;

    private readonly IReadFile _file;
    private readonly BlockChecksum _checksum;
    private readonly long _end;
    private byte[] _window = [];
    private long _start;
    private int _largest; // stored bytes of the largest block that was found

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
    public bool TryFind(long offset, out BlockHandle handle) => TryFind(offset, MaxBlockBytes, out handle);

    private bool TryFind(long offset, int mostBytes, out BlockHandle handle)
    {
        var bytes = Peek(offset, mostBytes + BlockFormat.TrailerBytes);
        for (var size = 1; size + BlockFormat.TrailerBytes <= bytes.Length; size++)
        {
            if (MayEndAt(bytes, size)
                && _checksum.Compute(bytes[..(size + 1)], offset) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[(size + 1)..]))
            {
                handle = new BlockHandle(offset, size);
                _largest = Math.Max(_largest, size);
                return true;
            }
        }

        handle = default;
        return false;
    }

    /// <summary>
    /// The first block that begins behind <paramref name="offset"/>, where a damaged one begins: tries the places where a block may end and another begin. It finds
    /// blocks of up to four times the largest before, and of 64 KiB at least; a table's blocks differ by little but for large values.
    /// </summary>
    public bool TryFindBehind(long offset, CancellationToken cancellation, out BlockHandle handle)
    {
        var mostBytes = _largest == 0 ? MaxBlockBytes : (int)Math.Clamp(4L * _largest, 64 << 10, MaxBlockBytes);
        for (var end = offset + 1; end < _end; end++)
        {
            if ((end - offset) % CancellationInterval == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (MayLieBetweenBlocks(offset, end) && TryFind(end, mostBytes, out handle))
            {
                return true;
            }
        }

        handle = default;
        return false;
    }

    /// <summary>Whether a block may end and the next begin here. Says yes at few other places: a search from each would take long.</summary>
    private bool MayLieBetweenBlocks(long damaged, long end)
    {
        var next = Peek(end, sizeof(ulong));
        if (next.IsEmpty || !(next[0] == 0 || (Varint.TryRead32(next, out var whole) > 0 && whole <= BlockFormat.MaxDecompressedBytes)))
        {
            return false; // no first entry, which shares nothing, and no size of compressed contents
        }

        var tail = end - BlockFormat.TrailerBytes;
        if (tail < damaged)
        {
            return false;
        }

        // Only what lies in front is looked at: how long the damaged block is nobody knows.
        var from = Math.Max(damaged, tail - MaxRestartBytes);
        var before = Peek(from, (int)(tail - from) + 1);
        return before[^1] == (byte)Compression.None ? MayEndAt(before, before.Length - 1) : BlockCodec.IsKnown(before[^1]);
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

    private ReadOnlySpan<byte> Peek(long offset, int bytes)
    {
        var wanted = (int)Math.Min(bytes, _end - offset);
        if (offset < _start || offset + wanted > _start + _window.Length)
        {
            // Four times as much as a block may take, and some of what lies in front, so that the window is not read anew for each block.
            _start = Math.Max(0, offset - MaxRestartBytes);
            _window = new byte[(int)Math.Max(Math.Min(4L * MaxBlockBytes, _end - _start), offset + wanted - _start)];
            var read = _file.Read(_start, _window);
            if (read < _window.Length)
            {
                Array.Resize(ref _window, read);
            }
        }

        var within = (int)Math.Min(offset - _start, _window.Length);
        return _window.AsSpan(within, Math.Min(wanted, _window.Length - within));
    }
}
