using LsmTree.Workloads.Scaling;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Tests.Scaling;

public sealed class SpaceRunTests
{
    [Fact]
    public void A_store_that_was_overwritten_and_half_deleted_gives_its_space_back_when_it_rests()
    {
        var samples = new List<SpaceSample>();
        SpaceRun.Run(new WorkloadSettings { Keys = 40_000, MemtableBytes = 256 << 10, CacheBytes = 1 << 20 }, samples.Add);
        Assert.Equal(["load", "overwrite", "overwrite", "delete half", "rest"], samples.Select(static sample => sample.Phase));
        Assert.True(samples[^1].SpaceAmplification <= 1.15, $"{samples[^1].SpaceAmplification:N2} bytes of files for each live byte");
        Assert.All(samples, static sample => Assert.True(sample.WriteAmplification >= 1));
    }
}
