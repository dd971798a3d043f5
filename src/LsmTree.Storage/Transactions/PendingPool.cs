namespace LsmTree.Storage.Transactions;

/// <summary>Lends the memory of pending edits to transactions, one after the other: a transaction that follows another allocates next to nothing.</summary>
/// <remarks>One set of edits is kept. Transactions that overlap make their own, and the last to end leaves its memory behind.</remarks>
internal sealed class PendingPool
{
    private readonly long _limitBytes;
    private PendingWrites? _spare;

    /// <param name="limitBytes">What a transaction may hold in memory.</param>
    public PendingPool(long limitBytes)
    {
        _limitBytes = limitBytes;
    }

    public PendingWrites Rent() => Interlocked.Exchange(ref _spare, null) ?? new PendingWrites(_limitBytes);

    /// <summary>Takes edits back. Nobody may read or write them afterwards, but for cursors over them.</summary>
    public void Return(PendingWrites writes)
    {
        writes.Reset();
        Volatile.Write(ref _spare, writes);
    }
}
