using System.Globalization;
using LsmTree.Data.Planning;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>EXPLAIN ANALYZE: runs the statement and adds what it cost to the lines of its plan. No times: they belong to the caller's clock.</summary>
/// <remarks>Rows and skipped entries are the statement's own; blocks and filters are counted for the whole store, so others' work shows in them.</remarks>
internal static class Explanation
{
    /// <param name="plan">The plan to explain.</param>
    /// <param name="store">The store, for its counters.</param>
    /// <param name="counters">What the execution counts into.</param>
    /// <param name="run">Executes the statement to its end and says how many rows it gave or changed.</param>
    public static RowBuffer Analyze(ExplainPlan plan, LsmStore store, ScanCounters counters, Func<long> run)
    {
        var before = store.GetStatistics();
        var rows = run();
        var after = store.GetStatistics();
        return Listing.Lines(
        [
            .. plan.Lines,
            Line("rows", rows),
            Line("rows read", counters.RowsRead),
            Line("lookups", counters.Lookups),
            Line("skipped entries", counters.SkippedEntries),
            Line("block cache hits", after.BlockCacheHits - before.BlockCacheHits),
            Line("blocks read", after.BlockCacheMisses - before.BlockCacheMisses),
            Line("filter probes", after.FilterProbes - before.FilterProbes),
        ]);
    }

    private static PlanLine Line(string step, long count) => new(step, count.ToString(CultureInfo.InvariantCulture));
}
