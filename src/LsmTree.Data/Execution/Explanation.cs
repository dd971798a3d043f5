using System.Globalization;
using LsmTree.Data.Planning;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>EXPLAIN ANALYZE: runs the statement and adds what it cost to the lines of its plan. No times: they belong to the caller's clock.</summary>
/// <remarks>All counts are the statement's own, whatever others read and write meanwhile: the engine counts for the thread that executes it.</remarks>
internal static class Explanation
{
    /// <param name="plan">The plan to explain.</param>
    /// <param name="counters">What the execution counts into.</param>
    /// <param name="run">Executes the statement to its end and says how many rows it gave or changed.</param>
    public static RowBuffer Analyze(ExplainPlan plan, ScanCounters counters, Func<long> run)
    {
        var perf = new PerfContext();
        long rows;
        using (perf.Activate())
        {
            rows = run();
        }

        return Listing.Lines(
        [
            .. plan.Lines,
            Line("rows", rows),
            Line("rows read", counters.RowsRead),
            Line("lookups", counters.Lookups),
            Line("skipped entries", perf.EntriesSkipped),
            Line("skipped tombstones", perf.TombstonesSkipped),
            Line("memtables asked", perf.MemtableProbes),
            Line("tables asked", perf.TableProbes),
            Line("filter probes", perf.FilterProbes),
            Line("filter rejections", perf.FilterRejections),
            Line("block cache hits", perf.BlockCacheHits),
            Line("blocks read", perf.BlocksRead),
            Line("file reads", perf.FileReads),
            Line("bytes read", perf.BytesRead),
        ]);
    }

    private static PlanLine Line(string step, long count) => new(step, count.ToString(CultureInfo.InvariantCulture));
}
