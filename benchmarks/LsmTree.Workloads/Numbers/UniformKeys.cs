namespace LsmTree.Workloads.Numbers;

/// <summary>Every key of [0, count) is as likely as any other.</summary>
internal sealed class UniformKeys(long count, SplitMix64 random) : KeyChooser
{
    public override long Next() => random.NextBelow(count);
}
