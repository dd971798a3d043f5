namespace LsmTree.Storage;

/// <summary>Is told what a store does by itself: override what you want to know. Given to a store by <see cref="LsmStoreOptions.Events"/>.</summary>
/// <remarks>
/// <para>Calls come from the thread that did the work (a background thread of the store, or the caller of a flush, a compaction, an open), when the
/// work is done and in force, and while no lock is held. Several may come at once. The work's thread waits for the call: hand long work to somebody else.</para>
/// <para>A call may read the store. Writing to it, and flushing, compacting, copying or closing it, throws <see cref="InvalidOperationException"/>: such a call could wait
/// for the very thread that it is on. Let another thread do it, and do not wait for that thread.</para>
/// <para>Whatever a listener throws is dropped and counted (<see cref="StoreStatistics.ListenerErrors"/>); the store goes on.</para>
/// </remarks>
public abstract class StoreEventListener
{
    /// <summary>A memtable has become a table, or nothing when all it held was obsolete.</summary>
    /// <param name="flush">What was done.</param>
    public virtual void OnFlushCompleted(FlushCompleted flush)
    {
    }

    /// <summary>Tables were merged, moved to another level, or dropped.</summary>
    /// <param name="compaction">What was done.</param>
    public virtual void OnCompactionCompleted(CompactionCompleted compaction)
    {
    }

    /// <summary>A table is part of the store from now on, written by a flush, a compaction or a bulk load. A table that only moves to another level is not told.</summary>
    /// <param name="table">The table.</param>
    public virtual void OnTableCreated(TableCreated table)
    {
    }

    /// <summary>The file of a table that nobody reads any more was deleted.</summary>
    /// <param name="file">The path of the file.</param>
    public virtual void OnTableDeleted(string file)
    {
    }

    /// <summary>A write waits for a flush or a compaction.</summary>
    public virtual void OnStallBegan()
    {
    }

    /// <summary>The write that waited goes on, or was refused.</summary>
    /// <param name="duration">How long it waited.</param>
    public virtual void OnStallEnded(TimeSpan duration)
    {
    }

    /// <summary>A background job failed, or obsolete files could not be looked for. Told again for every new try that fails.</summary>
    /// <param name="error">
    /// A full disk (<see cref="StoreFullException"/>) and too many open files are tried again by themselves, and so is a compaction that met an error of the device (<see cref="IOException"/>). A
    /// compaction that met damage (<see cref="CorruptionException"/>) ends compactions, after anything else writes are refused, until the store is opened again. A
    /// <see cref="StoreFailedException"/> while the store is being closed says that what it had not flushed is lost (<see cref="Durability.Off"/> only).
    /// </param>
    public virtual void OnBackgroundError(Exception error)
    {
    }

    /// <summary>The store was opened. The first call of all.</summary>
    /// <param name="recovery">What was found.</param>
    public virtual void OnRecoveryCompleted(RecoveryCompleted recovery)
    {
    }
}
