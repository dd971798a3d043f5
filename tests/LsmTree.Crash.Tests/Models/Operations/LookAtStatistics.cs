namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class LookAtStatistics : Operation
{
    public override int Weight => 60;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var statistics = run.Store.GetStatistics();
        run.Check(statistics.Failure is null, $"the store has failed: {statistics.Failure}");
        run.Check(statistics.OpenSnapshots >= run.Snapshots.Count + run.Transactions.Count + run.Cursors.Count, $"{statistics.OpenSnapshots} snapshots are counted");
        run.Check(statistics.BlockCacheBytes <= run.Options.BlockCacheBytes, $"the cache holds {statistics.BlockCacheBytes} bytes");
        run.Check(statistics.FilterRejections <= statistics.FilterProbes, "more filter rejections than probes");
        run.Check(run.Options.BloomBitsPerKey > 0 || statistics.FilterProbes == 0, "filters are asked, and there are none");
        run.Check(statistics.Tables == 0 == (statistics.TableBytes == 0), $"{statistics.Tables} tables have {statistics.TableBytes} bytes");
    }
}
