namespace LsmTree.Storage;

/// <summary>What reads cost, counted for one piece of work on one thread. Ask for it with <see cref="Activate"/>; without one, reads count nothing.</summary>
/// <remarks>
/// <para>While it is active, point reads on the activating thread count into it, and cursors that are created there do so for as long as they live. What
/// other threads do meanwhile does not show in it: that is the difference from <see cref="StoreStatistics"/>, which belong to the store.</para>
/// <para>The active context of a thread is the one piece of static state of the engine (as RocksDB's perf_context is): a read would otherwise need a
/// parameter through every call down to the block. Use a context, and the cursors that count into it, from one thread at a time.</para>
/// </remarks>
public sealed class PerfContext
{
    [ThreadStatic]
    private static PerfContext? t_active;

    /// <summary>Memtables asked by point reads, and walked by cursors.</summary>
    public long MemtableProbes { get; internal set; }

    /// <summary>Tables asked by point reads, and entered by cursors.</summary>
    public long TableProbes { get; internal set; }

    /// <summary>Filter questions asked.</summary>
    public long FilterProbes { get; internal set; }

    /// <summary>Filter questions answered "certainly absent".</summary>
    public long FilterRejections { get; internal set; }

    /// <summary>Blocks found in the cache.</summary>
    public long BlockCacheHits { get; internal set; }

    /// <summary>Blocks that were not in the cache, and came from files.</summary>
    public long BlocksRead { get; internal set; }

    /// <summary>Reads of files; fewer than <see cref="BlocksRead"/> when a scan read ahead.</summary>
    public long FileReads { get; internal set; }

    /// <summary>Bytes of those reads.</summary>
    public long BytesRead { get; internal set; }

    /// <summary>Entries that cursors stepped over because they were deleted, overwritten or newer than the cursor's moment; tombstones included.</summary>
    public long EntriesSkipped { get; internal set; }

    /// <summary>Tombstones among them.</summary>
    public long TombstonesSkipped { get; internal set; }

    /// <summary>The context that is active on this thread; null for none.</summary>
    internal static PerfContext? Active => t_active;

    /// <summary>Counts what this thread reads until the scope is disposed, on the same thread. Inside another scope, that one pauses.</summary>
    public Scope Activate() => new(this);

    /// <summary>Sets every counter to 0.</summary>
    public void Reset()
    {
        MemtableProbes = 0;
        TableProbes = 0;
        FilterProbes = 0;
        FilterRejections = 0;
        BlockCacheHits = 0;
        BlocksRead = 0;
        FileReads = 0;
        BytesRead = 0;
        EntriesSkipped = 0;
        TombstonesSkipped = 0;
    }

    /// <summary>The time that a context is active. Lives on the stack, and so on one thread.</summary>
    public ref struct Scope : IDisposable
    {
        private readonly PerfContext? _outer;
        private bool _isOpen;

        internal Scope(PerfContext context)
        {
            _outer = t_active;
            t_active = context;
            _isOpen = true;
        }

        /// <summary>Ends the counting of point reads. May be called twice.</summary>
        public void Dispose()
        {
            if (_isOpen)
            {
                _isOpen = false;
                t_active = _outer;
            }
        }
    }
}
