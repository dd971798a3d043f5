using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Blocks;

/// <summary>A view of the contents of one block of entries. Immutable, and three words wide: it is passed by value.</summary>
/// <remarks>
/// <para>The bytes lie in an array, or in the native memory of the cache. An array stays as long as somebody has it. A cached block stays as long as the
/// <see cref="Memory.ReadSection"/> lasts in which it was found, and longer for who pins its <see cref="Frame"/>.</para>
/// <para>There is no object per block: reaching the restart count through one would cost one more cache miss.</para>
/// <para>Invariants: (1) the restart array was checked once, in <see cref="TryCreate(byte[], int, int, out Block)"/> (<see cref="FromChecked"/> repeats nothing);
/// (2) <see cref="BlockFormat.TrailerBytes"/> bytes follow the contents, so that decoding may load 8 bytes at any offset of an entry.</para>
/// </remarks>
internal readonly struct Block
{
    private readonly byte[]? _array;
    private readonly nint _start; // in the array; the address of native contents
    private readonly int _length;

    private Block(byte[]? array, nint start, int length)
    {
        _array = array;
        _start = start;
        _length = length;
    }

    /// <summary>The frame in the cache's memory; none when the block lies in an array.</summary>
    public BlockFrame Frame => _array is null && _start != 0 ? BlockFrame.Around(_start) : default;

    /// <summary>The contents, and the bytes that follow them (invariant 2).</summary>
    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateReadOnlySpan(ref Origin, _length + BlockFormat.TrailerBytes);
    }

    private unsafe ref byte Origin
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _array is null ? ref *(byte*)_start : ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start);
    }

    public int RestartCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Slice(_length - sizeof(uint), sizeof(uint)));
    }

    /// <summary>Where the entries end and the restart array begins.</summary>
    public int EntriesEnd
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => EntriesEndFor(RestartCount);
    }

    /// <summary>The block in a frame of the cache that was checked before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Block FromChecked(BlockFrame frame) => new(null, (nint)frame.Contents, frame.Length);

    /// <summary>Checks the restart array of the contents in a frame; false when it is not one.</summary>
    public static bool TryCreate(BlockFrame frame, out Block block)
    {
        block = FromChecked(frame);
        return block.HasRestarts();
    }

    /// <summary>Checks the restart array of the <paramref name="length"/> bytes at <paramref name="start"/>; false when it is not one.</summary>
    public static bool TryCreate(byte[] array, int start, int length, out Block block)
    {
        block = default;
        if (start < 0 || length < 0 || (long)start + length + BlockFormat.TrailerBytes > array.Length)
        {
            return false;
        }

        block = new Block(array, start, length);
        return block.HasRestarts();
    }

    private bool HasRestarts()
    {
        if (_length < 3 * sizeof(uint))
        {
            return false;
        }

        var count = (uint)RestartCount;
        if (count == 0 || count > (uint)(_length - sizeof(uint)) / sizeof(uint))
        {
            return false;
        }

        var entriesEnd = EntriesEndFor((int)count);
        var previous = -1L;
        for (var i = 0; i < count; i++)
        {
            var restart = BinaryPrimitives.ReadUInt32LittleEndian(Bytes[(entriesEnd + i * sizeof(uint))..]);
            if (restart <= previous || restart >= entriesEnd || (i == 0 && restart != 0))
            {
                return false;
            }

            previous = restart;
        }

        return true;
    }

    /// <summary>
    /// Asks for the restart array of a block whose contents take <paramref name="contentBytes"/>: it lies behind the entries, and would else be asked for only when
    /// the block's length has arrived.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchRestarts(int contentBytes) => CacheLines.Prefetch(ref Origin, contentBytes - sizeof(uint));

    /// <summary>Asks for some lines at an offset of the contents, or somewhat behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int offset, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            CacheLines.Prefetch(ref Origin, offset + i * CacheLines.Bytes);
        }
    }

    /// <summary>The offset of the entry at restart <paramref name="index"/> of the block with these <see cref="Bytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Restart(ReadOnlySpan<byte> bytes, int index, int entriesEnd) => (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(entriesEnd + index * sizeof(uint), sizeof(uint)));

    private int EntriesEndFor(int restartCount) => _length - sizeof(uint) - restartCount * sizeof(uint);
}
