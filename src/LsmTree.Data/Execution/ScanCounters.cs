namespace LsmTree.Data.Execution;

/// <summary>What EXPLAIN ANALYZE counts while a statement runs.</summary>
internal sealed class ScanCounters
{
    /// <summary>Keys looked up one by one.</summary>
    public long Lookups { get; set; }

    /// <summary>Rows that the paths gave, before the filter.</summary>
    public long RowsRead { get; set; }
}
