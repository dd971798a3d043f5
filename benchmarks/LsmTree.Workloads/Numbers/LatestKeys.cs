namespace LsmTree.Workloads.Numbers;

/// <summary>The newest keys are the popular ones: Zipfian ranks, counted back from the newest key there is.</summary>
internal sealed class LatestKeys(long count, Func<long> total, SplitMix64 random) : KeyChooser
{
    private readonly ZipfianKeys _ranks = new(count, random);

    public override long Next() => total() - 1 - _ranks.Next();
}
