namespace LsmTree.Storage;

/// <summary>Counters and gauges of a store, copied out at one moment. Counters run since the store was opened.</summary>
public readonly record struct StoreStatistics
{
    /// <summary>Entries written (puts, deletes and range deletes).</summary>
    public long EntriesWritten { get; init; }

    /// <summary>Batches committed.</summary>
    public long Commits { get; init; }

    /// <summary>fsyncs of the log; fewer than the Full commits when commits shared one.</summary>
    public long LogSyncs { get; init; }

    /// <summary>Bytes that callers wrote: keys and values.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Bytes appended to logs.</summary>
    public long LogBytesWritten { get; init; }

    /// <summary>Bytes of tables written by flushes.</summary>
    public long FlushBytesWritten { get; init; }

    /// <summary>Bytes of tables written by compactions.</summary>
    public long CompactionBytesWritten { get; init; }

    /// <summary>Flushes done.</summary>
    public long Flushes { get; init; }

    /// <summary>Compactions done, trivial moves included.</summary>
    public long Compactions { get; init; }

    /// <summary>
    /// Bytes written to logs and tables for each byte that callers wrote, since the store was opened; 0 before the first write. What is still in
    /// memory has not been written to tables: a short run looks better than it is.
    /// </summary>
    public double WriteAmplification => BytesWritten == 0 ? 0 : (double)(LogBytesWritten + FlushBytesWritten + CompactionBytesWritten) / BytesWritten;

    /// <summary>An estimate of the bytes of table files that hold the newest version of their keys, now.</summary>
    public long LiveTableBytes { get; init; }

    /// <summary>Bytes of table files, those kept for readers included, for each live one; 1 when there are none.</summary>
    public double SpaceAmplification => LiveTableBytes == 0 ? 1 : (double)(TableBytes + PinnedTableBytes) / LiveTableBytes;

    /// <summary>Bytes of table files that compactions have replaced and that are still there for cursors and other readers.</summary>
    public long PinnedTableBytes { get; init; }

    /// <summary>Point reads.</summary>
    public long Gets { get; init; }

    /// <summary>Point reads answered by a memtable.</summary>
    public long MemtableHits { get; init; }

    /// <summary>Block reads answered by the cache.</summary>
    public long BlockCacheHits { get; init; }

    /// <summary>Block reads that went to a file.</summary>
    public long BlockCacheMisses { get; init; }

    /// <summary>Reads of files of up to 64 KiB at once, ahead of scans and compactions; each saved reading its blocks one by one.</summary>
    public long ReadAheads { get; init; }

    /// <summary>Bytes of blocks in the cache now.</summary>
    public long BlockCacheBytes { get; init; }

    /// <summary>
    /// Bytes of filters, indexes and the like that open tables hold now. They are part of the budget <see cref="LsmStoreOptions.BlockCacheBytes"/>: blocks get
    /// what they leave of it, and at least a quarter.
    /// </summary>
    public long FilterAndIndexBytes { get; init; }

    /// <summary>Filter questions asked.</summary>
    public long FilterProbes { get; init; }

    /// <summary>Filter questions answered "definitely absent".</summary>
    public long FilterRejections { get; init; }

    /// <summary>Bytes in the active and frozen memtables now.</summary>
    public long MemtableBytes { get; init; }

    /// <summary>
    /// Bytes of memory that memtables and the pending edits of transactions take now, with what is kept ready for the next ones: at most three times
    /// <see cref="LsmStoreOptions.MemtableBytes"/>, and what cursors and leases hold longer than that. It is not memory of the managed heap. 0 after the store was disposed
    /// and nobody holds anything any more.
    /// </summary>
    public long MemtableMemoryBytes { get; init; }

    /// <summary>Frozen memtables that wait for their flush now.</summary>
    public int FrozenMemtables { get; init; }

    /// <summary>Bytes of live log files now.</summary>
    public long LogBytes { get; init; }

    /// <summary>Live table files now.</summary>
    public int Tables { get; init; }

    /// <summary>Bytes of live table files now.</summary>
    public long TableBytes { get; init; }

    /// <summary>Bytes that compactions still have to move before every level is within its target.</summary>
    public long CompactionDebtBytes { get; init; }

    /// <summary>Writes that were slowed down or stopped.</summary>
    public long Stalls { get; init; }

    /// <summary>Time that writes were slowed down or stopped.</summary>
    public TimeSpan StallTime { get; init; }

    /// <summary>
    /// Open snapshots, cursors and transactions now: <see cref="StoreInspector.GetOpenReaders"/> names them. Value leases, which live on the stack only, are not counted; the bytes
    /// of tables that any of them keeps are in <see cref="PinnedTableBytes"/>.
    /// </summary>
    public int OpenSnapshots { get; init; }

    /// <summary>Age of the oldest of them; zero when there is none.</summary>
    public TimeSpan OldestSnapshotAge { get; init; }

    /// <summary>Exceptions that <see cref="LsmStoreOptions.Events"/> and listeners of metrics and traces have thrown; they were dropped.</summary>
    public long ListenerErrors { get; init; }

    /// <summary>
    /// Null while compactions succeed; otherwise why the newest one failed. A full disk and an error of the device are tried again; after damage
    /// (<see cref="CorruptionException"/>) there are no more compactions until the store is opened again. Reads and writes go on, until writes would have to wait for one.
    /// </summary>
    public string? CompactionFailure { get; init; }

    /// <summary>Null while writes are possible; otherwise the first error, which stopped them.</summary>
    public string? Failure { get; init; }
}
