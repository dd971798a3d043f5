using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Tables;

/// <summary>What lookups cost, and where the value lies that the last one found. The caller owns it (on its stack, or per thread), so that counting never shares a cache line between threads.</summary>
/// <remarks>Mutable on purpose: it is passed by reference and added to. A lookup that ends in <see cref="LookupOutcome.NeedsRead"/> counts nothing.</remarks>
internal struct TableCounters
{
    /// <summary>Frozen memtables that were asked before the tables.</summary>
    public long FrozenProbes;

    /// <summary>Filter questions asked.</summary>
    public long FilterProbes;

    /// <summary>Filter questions answered "certainly absent".</summary>
    public long FilterRejections;

    /// <summary>Tables without a filter that were asked.</summary>
    public long UnfilteredProbes;

    /// <summary>Blocks found in the cache.</summary>
    public long BlockHits;

    /// <summary>Blocks read from files.</summary>
    public long BlockMisses;

    /// <summary>Bytes of those blocks as they are stored.</summary>
    public long BytesRead;

    /// <summary>The cached block that the found value is a piece of; none when it lies elsewhere. To be pinned by who keeps the value.</summary>
    public BlockFrame Frame;

    public readonly void AddTo(PerfContext perf)
    {
        perf.MemtableProbes += FrozenProbes;
        perf.TableProbes += FilterProbes + UnfilteredProbes;
        perf.FilterProbes += FilterProbes;
        perf.FilterRejections += FilterRejections;
        perf.BlockCacheHits += BlockHits;
        perf.BlocksRead += BlockMisses;
        perf.FileReads += BlockMisses;
        perf.BytesRead += BytesRead;
    }
}
