using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>Where the arenas of one store get their memory, and where it goes when they are done: full-sized chunks are kept for the next memtable.</summary>
/// <remarks>
/// <para>The memory is native. What it costs the collector to look after a few dozen mebibytes that are filled and dropped every second is
/// out of proportion, and it gives back late: docs/decisions/0009-native-memtables.md has the figures.</para>
/// <para>A commit that asks the system for memory itself waits for whoever is mapping at that moment, and then meets a page fault in every 4 KiB
/// of it. So chunks that come back are kept, resident as they are, as long as everything that was taken from the system stays within
/// the limit; and a background thread sees to it that a few are there (<see cref="Fill"/>). A store that is hardly written to keeps none.</para>
/// <para>Any thread may take and return; one at a time fills.</para>
/// </remarks>
internal sealed class ChunkStock : IDisposable
{
    /// <summary>2 MiB: one large page, where the system has such. In small pages a memtable of 64 MiB has more of them than a processor keeps translations of.</summary>
    public const int ChunkBytes = 2 << 20;

    private const int LeastPagesBytes = 1 << 20; // 1 MiB: from here on the system is asked, and not the allocator
    private const int Prepared = 2; // 4 MiB: what a fast writer fills while the background thread is about something else

    private readonly long _limitBytes;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Stack<NativeChunk> _chunks = new();
    private bool _isWanted;
    private bool _isClosed;
    private int _leastSinceTrim;

    // Interlocked.
    private long _bytes;

    /// <param name="limitBytes">Returned chunks are kept while arenas and stock together take at most this much.</param>
    public ChunkStock(long limitBytes)
    {
        _limitBytes = limitBytes;
    }

    /// <summary>A store that was dropped and not disposed must not cost the process its memory. What arenas hold they return, or keep.</summary>
    ~ChunkStock() => Dispose();

    /// <summary>Bytes that were taken from the system and not given back: those in use, and those kept.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>A chunk with undefined contents. <see cref="Return"/> it.</summary>
    public NativeChunk Take(int bytes)
    {
        if (bytes == ChunkBytes)
        {
            lock (_gate)
            {
                _isWanted = true;
                if (_chunks.TryPop(out var chunk))
                {
                    _leastSinceTrim = Math.Min(_leastSinceTrim, _chunks.Count);
                    return chunk;
                }

                _leastSinceTrim = 0;
            }
        }

        return Allocate(bytes);
    }

    /// <summary>Takes a chunk back, which nobody may look at any more.</summary>
    public void Return(NativeChunk chunk)
    {
        if (chunk.Bytes == ChunkBytes)
        {
            lock (_gate)
            {
                if (!_isClosed && Bytes <= _limitBytes)
                {
                    _chunks.Push(chunk);
                    return;
                }
            }
        }

        Free(chunk);
    }

    /// <summary>Makes a few chunks ready, if anybody has ever asked for one. Returns whether there was anything to do.</summary>
    public bool Fill()
    {
        var isFilled = false;
        while (IsFillDue())
        {
            var chunk = Allocate(ChunkBytes);
            Touch(chunk);
            Return(chunk);
            isFilled = true;
        }

        return isFilled;
    }

    /// <summary>Gives back what was not needed since the last call. Called now and then; a store that is not written to any more ends without stock.</summary>
    public void Trim()
    {
        var unused = new List<NativeChunk>();
        lock (_gate)
        {
            for (var i = 0; i < _leastSinceTrim; i++)
            {
                unused.Add(_chunks.Pop());
            }

            _leastSinceTrim = _chunks.Count;
            _isWanted &= unused.Count == 0;
        }

        unused.ForEach(Free);
    }

    /// <summary>Gives the stock back, and from now on whatever is returned.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        NativeChunk[] left;
        lock (_gate)
        {
            _isClosed = true;
            _leastSinceTrim = 0;
            left = [.. _chunks];
            _chunks.Clear();
        }

        Array.ForEach(left, Free);
    }

    private bool IsFillDue()
    {
        lock (_gate)
        {
            return _isWanted && !_isClosed && _chunks.Count < Prepared && Bytes + ChunkBytes <= _limitBytes;
        }
    }

    private unsafe NativeChunk Allocate(int bytes)
    {
        var address = bytes switch
        {
            < LeastPagesBytes => (nint)NativeMemory.Alloc((nuint)bytes),
            ChunkBytes => NativePages.AllocateAligned(bytes, HugePages.Asked),
            _ => NativePages.Allocate(bytes),
        };
        Interlocked.Add(ref _bytes, bytes);
        return new NativeChunk(address, bytes);
    }

    private unsafe void Free(NativeChunk chunk)
    {
        if (chunk.Bytes < LeastPagesBytes)
        {
            NativeMemory.Free((void*)chunk.Address);
        }
        else
        {
            NativePages.Free(chunk.Address, chunk.Bytes);
        }

        Interlocked.Add(ref _bytes, -chunk.Bytes);
    }

    private static unsafe void Touch(NativeChunk chunk)
    {
        for (var page = 0; page < chunk.Bytes; page += Environment.SystemPageSize)
        {
            ((byte*)chunk.Address)[page] = 0;
        }
    }
}
