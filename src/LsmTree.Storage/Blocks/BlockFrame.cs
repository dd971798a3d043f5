using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Blocks;

/// <summary>A block in the native memory of a <see cref="BlockCache"/>, by its address. Copies are one and the same.</summary>
/// <remarks>
/// <code>
///   length 4  |  pins 4  |  contents  |  trailer, 9 bytes
/// </code>
/// <para>The memory goes when the last pin goes. The slot that a block is cached in is one; who wants to look at the block for longer than a
/// <see cref="Memory.ReadSection"/> has another. A pin may be added by who has one, or is in the section in which it found the block: an evicted block loses the
/// pin of its slot only when such sections have ended.</para>
/// </remarks>
internal readonly unsafe struct BlockFrame
{
    private const int HeaderBytes = 2 * sizeof(int);

    private readonly byte* _address;

    private BlockFrame(byte* address) => _address = address;

    /// <summary>False for the default: no block.</summary>
    public bool Exists
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _address is not null;
    }

    public nint Address => (nint)_address;

    /// <summary>The length of the contents.</summary>
    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => *(int*)_address;
    }

    /// <summary>The contents and the trailer.</summary>
    public Span<byte> Stored => new(_address + HeaderBytes, Length + BlockFormat.TrailerBytes);

    /// <summary>Where the contents begin.</summary>
    public byte* Contents
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _address + HeaderBytes;
    }

    /// <summary>All that it takes.</summary>
    public int Bytes => BytesFor(Length);

    public static int BytesFor(int length) => HeaderBytes + length + BlockFormat.TrailerBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockFrame At(nint address) => new((byte*)address);

    /// <summary>The frame of contents that begin at <paramref name="contents"/>.</summary>
    public static BlockFrame Around(nint contents) => new((byte*)contents - HeaderBytes);

    /// <summary>Makes a frame, with one pin, of memory that nobody else has.</summary>
    public static BlockFrame Create(nint address, int length)
    {
        var frame = At(address);
        *(int*)frame._address = length;
        frame.Pins = 1;
        return frame;
    }

    public void Pin() => Interlocked.Increment(ref Pins);

    /// <summary>True when that was the last pin: the memory is the caller's.</summary>
    public bool Unpin() => Interlocked.Decrement(ref Pins) == 0;

    private ref int Pins => ref *(int*)(_address + sizeof(int));
}
