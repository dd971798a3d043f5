using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Blocks;

/// <summary>A view of the contents of one block of entries inside an array. Immutable, and two words wide: it is passed by value.</summary>
/// <remarks>
/// <para>There is no object per block but the array itself: a reader that has the array has the block, for as long as it likes, because arrays of
/// blocks are never recycled. The restart count is read from the contents' end; reaching it through an object would cost one more cache miss.</para>
/// <para>Invariants: (1) the restart array was checked once, in <see cref="TryCreate"/> (<see cref="FromChecked"/> repeats nothing);
/// (2) <see cref="BlockFormat.TrailerBytes"/> bytes follow the contents in the array, so that decoding may load 8 bytes at any offset of an entry.</para>
/// </remarks>
internal readonly struct Block
{
    private readonly byte[] _array;
    private readonly int _start;
    private readonly int _length;

    private Block(byte[] array, int start, int length)
    {
        _array = array;
        _start = start;
        _length = length;
    }

    public byte[] Array => _array;

    /// <summary>Where the contents begin in <see cref="Array"/>. All other offsets are counted from here.</summary>
    public int Start => _start;

    /// <summary>The contents, and the bytes that follow them (invariant 2).</summary>
    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start), _length + BlockFormat.TrailerBytes);
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

    /// <summary>The block in an array that holds one whole uncompressed block, trailer included, and that was checked before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block FromChecked(byte[] array) => new(array, 0, array.Length - BlockFormat.TrailerBytes);

    /// <summary>Checks the restart array of the <paramref name="length"/> bytes at <paramref name="start"/>; false when it is not one.</summary>
    public static bool TryCreate(byte[] array, int start, int length, out Block block)
    {
        block = default;
        if (start < 0 || length < 3 * sizeof(uint) || (long)start + length + BlockFormat.TrailerBytes > array.Length)
        {
            return false;
        }

        var candidate = new Block(array, start, length);
        var count = (uint)candidate.RestartCount;
        if (count == 0 || count > (uint)(length - sizeof(uint)) / sizeof(uint))
        {
            return false;
        }

        var entriesEnd = candidate.EntriesEndFor((int)count);
        var previous = -1L;
        for (var i = 0; i < count; i++)
        {
            var restart = BinaryPrimitives.ReadUInt32LittleEndian(candidate.Bytes[(entriesEnd + i * sizeof(uint))..]);
            if (restart <= previous || restart >= entriesEnd || (i == 0 && restart != 0))
            {
                return false;
            }

            previous = restart;
        }

        block = candidate;
        return true;
    }

    /// <summary>
    /// Asks for the restart array of a block whose contents take <paramref name="contentBytes"/>: it lies behind the entries, and would else be asked for only when
    /// the array's length has arrived.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchRestarts(int contentBytes) => CacheLines.Prefetch(ref MemoryMarshal.GetArrayDataReference(_array), _start + contentBytes - sizeof(uint));

    /// <summary>Asks for some lines at an offset of the contents, or somewhat behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int offset, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            CacheLines.Prefetch(ref MemoryMarshal.GetArrayDataReference(_array), _start + offset + i * CacheLines.Bytes);
        }
    }

    /// <summary>The offset of the entry at restart <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Restart(int index, int entriesEnd) => (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Slice(entriesEnd + index * sizeof(uint), sizeof(uint)));

    private int EntriesEndFor(int restartCount) => _length - sizeof(uint) - restartCount * sizeof(uint);
}
