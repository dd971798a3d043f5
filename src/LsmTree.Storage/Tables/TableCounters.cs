namespace LsmTree.Storage.Tables;

/// <summary>What lookups cost. The caller owns it (on its stack, or per thread), so that counting never shares a cache line between threads.</summary>
/// <remarks>Mutable on purpose: it is passed by reference and added to. A lookup that ends in <see cref="LookupOutcome.NeedsRead"/> counts nothing.</remarks>
internal struct TableCounters
{
    /// <summary>Filter questions asked.</summary>
    public long FilterProbes;

    /// <summary>Filter questions answered "certainly absent".</summary>
    public long FilterRejections;

    /// <summary>Blocks found in the cache.</summary>
    public long BlockHits;

    /// <summary>Blocks read from files.</summary>
    public long BlockMisses;
}
