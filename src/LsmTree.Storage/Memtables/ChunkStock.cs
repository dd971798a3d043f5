namespace LsmTree.Storage.Memtables;

/// <summary>A few chunks for arenas, allocated and touched before they are needed.</summary>
/// <remarks>
/// A commit that allocates a chunk itself asks the system for memory, which waits for whoever is mapping at that moment (a piece of the log, the
/// garbage collector), and then meets a page fault in every 4 KiB of it. So a background thread does both, and the commit takes what is there.
/// The stock stays empty until a full-sized chunk was asked for: a store that is hardly written to keeps none.
/// Any thread may take; one at a time fills.
/// </remarks>
internal sealed class ChunkStock
{
    private const int Capacity = 4; // 4 MiB: what a fast writer fills while the background thread is about something else

    private readonly byte[]?[] _chunks = new byte[]?[Capacity]; // each slot exchanged atomically
    private bool _isWanted; // volatile

    /// <summary>A pinned chunk of <see cref="Arena.MaxChunkBytes"/> bytes with undefined contents; null when there is none.</summary>
    public byte[]? TryTake()
    {
        Volatile.Write(ref _isWanted, true);
        for (var slot = 0; slot < Capacity; slot++)
        {
            if (Interlocked.Exchange(ref _chunks[slot], null) is { } chunk)
            {
                return chunk;
            }
        }

        return null;
    }

    /// <summary>Fills the stock, if anybody has ever asked for a chunk. Returns whether there was anything to do.</summary>
    public bool Fill()
    {
        if (!Volatile.Read(ref _isWanted))
        {
            return false;
        }

        var isFilled = false;
        for (var slot = 0; slot < Capacity; slot++)
        {
            if (Volatile.Read(ref _chunks[slot]) is null)
            {
                var chunk = GC.AllocateUninitializedArray<byte>(Arena.MaxChunkBytes, pinned: true);
                for (var page = 0; page < chunk.Length; page += Environment.SystemPageSize)
                {
                    chunk[page] = 0;
                }

                Volatile.Write(ref _chunks[slot], chunk);
                isFilled = true;
            }
        }

        return isFilled;
    }
}
