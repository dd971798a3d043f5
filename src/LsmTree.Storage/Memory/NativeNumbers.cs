namespace LsmTree.Storage.Memory;

/// <summary>64-bit numbers gathered one by one in native memory, piece after piece: nothing is copied when there are more, and all of it goes at the end.</summary>
/// <remarks>For one thread. An array that doubles would leave half its size, a quarter … in the pool of arrays, for as long as the collector sees no need.</remarks>
internal sealed unsafe class NativeNumbers : IDisposable
{
    private const int FirstBytes = 4 << 10; // a small table's
    private const int LargestBytes = 256 << 10;
    private const int Growth = 4;

    private readonly List<(NativeBuffer Memory, int Length)> _full = [];
    private NativeBuffer? _last;
    private int _lastRoom;
    private int _lastLength;

    public long Count { get; private set; }

    public int PieceCount => _full.Count + (_last is null ? 0 : 1);

    public void Add(ulong number)
    {
        if (_lastLength == _lastRoom)
        {
            Begin();
        }

        ((ulong*)_last!.Address)[_lastLength++] = number;
        Count++;
    }

    /// <summary>The numbers of a piece, in the order in which they were added. Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<ulong> Piece(int index)
    {
        var (memory, length) = index < _full.Count ? _full[index] : (_last!, _lastLength);
        return new ReadOnlySpan<ulong>((void*)memory.Address, length);
    }

    public void Dispose()
    {
        _full.ForEach(static piece => piece.Memory.Discard());
        _full.Clear();
        _last?.Discard();
        _last = null;
        _lastRoom = 0;
        _lastLength = 0;
        Count = 0;
    }

    private void Begin()
    {
        var bytes = _last is null ? FirstBytes : Math.Min(_lastRoom * sizeof(ulong) * Growth, LargestBytes);
        var next = NativeBuffer.Allocate(bytes);
        if (_last is not null)
        {
            _full.Add((_last, _lastLength));
        }

        _last = next;
        _lastRoom = bytes / sizeof(ulong);
        _lastLength = 0;
    }
}
