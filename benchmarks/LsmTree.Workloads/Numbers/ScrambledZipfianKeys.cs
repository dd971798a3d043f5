namespace LsmTree.Workloads.Numbers;

/// <summary>Zipfian popularity, with the popular keys scattered over the whole key space instead of being neighbours. As in YCSB, two ranks may meet on one key.</summary>
internal sealed class ScrambledZipfianKeys(long count, SplitMix64 random) : KeyChooser
{
    private readonly ZipfianKeys _ranks = new(count, random);

    public override long Next() => (long)(SplitMix64.Mix((ulong)_ranks.Next() + 1) % (ulong)count);
}
