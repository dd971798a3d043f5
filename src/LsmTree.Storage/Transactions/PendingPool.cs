using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Transactions;

/// <summary>Lends the memory of pending edits to transactions, one after the other: a transaction that follows another allocates next to nothing.</summary>
/// <remarks>One set of edits is kept. Transactions that overlap make their own, and the last to end leaves its memory behind.</remarks>
internal sealed class PendingPool : IDisposable
{
    private readonly long _limitBytes;
    private readonly ChunkStock _stock;
    private readonly Action<Memtable> _letGo;
    private PendingWrites? _spare;
    private bool _isClosed;

    /// <param name="limitBytes">What a transaction may hold in memory.</param>
    /// <param name="stock">Where memory comes from.</param>
    /// <param name="letGo">Frees edits that cursors may still walk, when none does.</param>
    public PendingPool(long limitBytes, ChunkStock stock, Action<Memtable> letGo)
    {
        _limitBytes = limitBytes;
        _stock = stock;
        _letGo = letGo;
    }

    public PendingWrites Rent() => Interlocked.Exchange(ref _spare, null) ?? new PendingWrites(_limitBytes, _stock, _letGo);

    /// <summary>Takes edits back. Nobody may read or write them afterwards, but for cursors over them.</summary>
    public void Return(PendingWrites writes)
    {
        writes.Reset();
        Interlocked.Exchange(ref _spare, writes)?.Dispose();
        if (Volatile.Read(ref _isClosed))
        {
            FreeSpare();
        }
    }

    /// <summary>Gives the kept memory back, and from now on whatever is returned.</summary>
    public void Dispose()
    {
        // Full fences on both sides: either Return sees that the pool is closed, or this sees what Return has left.
        Volatile.Write(ref _isClosed, true);
        Interlocked.MemoryBarrier();
        FreeSpare();
    }

    private void FreeSpare() => Interlocked.Exchange(ref _spare, null)?.Dispose();
}
