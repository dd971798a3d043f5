namespace LsmTree.Storage.Memtables;

/// <summary>Memory that is handed out in pieces and given back all at once, when nobody holds the arena any more.</summary>
/// <remarks>
/// <para>The chunks are pinned arrays of the managed heap, so that addresses are stable and the garbage collector decides when they go: a reader
/// that holds the arena (by way of its memtable) may use any address in it, without a count and without a finalizer. Whoever turns an address
/// into a span keeps the owner alive for as long (<see cref="GC.KeepAlive"/>).</para>
/// <para>Chunks double from <c>firstChunkBytes</c> to 1 MiB, so that a small transaction costs little and a memtable few allocations.</para>
/// <para>One thread allocates.</para>
/// </remarks>
internal sealed unsafe class Arena
{
    public const int MaxChunkBytes = 1 << 20; // 1 MiB

    private readonly List<byte[]> _chunks = [];
    private readonly ChunkStock? _stock;
    private int _used; // the chunk that pieces come from; those behind it were kept by a reset
    private byte* _next;
    private byte* _end;
    private int _nextChunkBytes;
    private long _usedBytes;

    public Arena(int firstChunkBytes = MaxChunkBytes, ChunkStock? stock = null)
    {
        _stock = stock;
        _nextChunkBytes = firstChunkBytes;
    }

    /// <summary>Bytes handed out, alignment included. Readable from any thread.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>An 8-byte aligned piece; its contents are undefined.</summary>
    public byte* Allocate(int bytes)
    {
        bytes = (bytes + 7) & ~7;
        if (_end - _next < bytes)
        {
            AddChunk(bytes);
        }

        var piece = _next;
        _next += bytes;
        Volatile.Write(ref _usedBytes, _usedBytes + bytes);
        return piece;
    }

    /// <summary>
    /// Forgets everything, and keeps the first chunk, and of the others as many as make up <paramref name="keptBytes"/> with it, to be used again in the same
    /// order. Only for an arena that nobody else can see.
    /// </summary>
    public void Reset(long keptBytes = 0)
    {
        var kept = 0;
        for (long bytes = 0; kept < _chunks.Count && (kept == 0 || bytes + _chunks[kept].Length <= keptBytes); kept++)
        {
            bytes += _chunks[kept].Length;
        }

        _chunks.RemoveRange(kept, _chunks.Count - kept);
        _used = 0;
        if (kept > 0)
        {
            Use(_chunks[0]);
            _nextChunkBytes = Math.Min(_chunks[^1].Length * 2, MaxChunkBytes);
        }

        _usedBytes = 0;
    }

    private void AddChunk(int needed)
    {
        while (_used + 1 < _chunks.Count)
        {
            if (_chunks[++_used].Length >= needed)
            {
                Use(_chunks[_used]);
                return;
            }
        }

        // A piece larger than a chunk gets one of its own size.
        var size = Math.Max(needed, _nextChunkBytes);
        var stocked = size == MaxChunkBytes ? _stock?.TryTake() : null;
        var chunk = stocked ?? GC.AllocateUninitializedArray<byte>(size, pinned: true);
        _chunks.Add(chunk);
        _used = _chunks.Count - 1;
        Use(chunk);
        _nextChunkBytes = Math.Min(_nextChunkBytes * 2, MaxChunkBytes);
    }

    private void Use(byte[] chunk)
    {
        _next = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(chunk));
        _end = _next + chunk.Length;
    }
}
