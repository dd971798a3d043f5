using LsmTree.Storage.Memory;

namespace LsmTree.Storage.Memtables;

/// <summary>Memory that is handed out in pieces and given back all at once.</summary>
/// <remarks>
/// <para>The chunks are native memory (<see cref="ChunkStock"/>). Nothing but <see cref="Free"/> and <see cref="Reset"/> gives them back, and the collector
/// never does: who forgets them loses memory, and never reads what is not his. The owner calls them when nobody can reach an address in the arena.</para>
/// <para>Chunks double from <c>firstChunkBytes</c> to 2 MiB, so that a small transaction costs little and a memtable few allocations.</para>
/// <para>One thread allocates.</para>
/// </remarks>
internal sealed unsafe class Arena
{
    public const int MaxChunkBytes = ChunkStock.ChunkBytes;

    private readonly List<NativeChunk> _chunks = [];
    private readonly ChunkStock _stock;
    private int _used; // the chunk that pieces come from; those behind it were kept by a reset
    private byte* _next;
    private byte* _end;
    private int _nextChunkBytes;
    private long _usedBytes;
    private int _isFreed; // Interlocked: 1 when it is

    public Arena(int firstChunkBytes, ChunkStock stock)
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
        for (long bytes = 0; kept < _chunks.Count && (kept == 0 || bytes + _chunks[kept].Bytes <= keptBytes); kept++)
        {
            bytes += _chunks[kept].Bytes;
        }

        ReturnFrom(kept);
        _used = 0;
        if (kept > 0)
        {
            Use(_chunks[0]);
            _nextChunkBytes = Math.Min(_chunks[^1].Bytes * 2, MaxChunkBytes);
        }

        _usedBytes = 0;
    }

    /// <summary>
    /// Gives everything back, for good. Only when nobody else can see the arena. May be called twice, and by two threads at once: the memtable of a store whose
    /// opening failed is freed by whoever opened it, and by the collector, which finds the views that it was already in.
    /// </summary>
    public void Free()
    {
        if (Interlocked.Exchange(ref _isFreed, 1) != 0)
        {
            return;
        }

        _next = null;
        _end = null;
        ReturnFrom(0);
    }

    private void ReturnFrom(int first)
    {
        for (var i = first; i < _chunks.Count; i++)
        {
            _stock.Return(_chunks[i]);
        }

        _chunks.RemoveRange(first, _chunks.Count - first);
    }

    private void AddChunk(int needed)
    {
        if (_isFreed != 0)
        {
            throw new InvalidOperationException("The arena was freed; nothing can be put into it any more.");
        }

        while (_used + 1 < _chunks.Count)
        {
            if (_chunks[++_used].Bytes >= needed)
            {
                Use(_chunks[_used]);
                return;
            }
        }

        // A piece larger than a chunk gets one of its own size.
        _chunks.EnsureCapacity(_chunks.Count + 1);
        var chunk = _stock.Take(Math.Max(needed, _nextChunkBytes));
        _chunks.Add(chunk);
        _used = _chunks.Count - 1;
        Use(chunk);
        _nextChunkBytes = Math.Min(_nextChunkBytes * 2, MaxChunkBytes);
    }

    private void Use(NativeChunk chunk)
    {
        _next = (byte*)chunk.Address;
        _end = _next + chunk.Bytes;
    }
}
