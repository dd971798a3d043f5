using LsmTree.Storage.Compactions;
using LsmTree.Storage.Tests.Versions;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>Pictures of levels, and where a loaded table over [d, k] goes. Base 64 MiB.</summary>
public sealed class LoadLevelTests
{
    [Theory]
    [InlineData("the last level of an empty store", "", 8, 6)]
    [InlineData("beside others", "L6: 1[a-c] 2[k1-z]", 8, 6)]
    [InlineData("between others of level 0", "L0: 1[a-c]\nL6: 2[l-z]", 8, 6)]
    [InlineData("above what shares a key, if large", "L6: 1[a-d]", 80, 5)]
    [InlineData("but on level 0 if small", "L6: 1[a-d]", 8, 0)]
    [InlineData("an exclusive end shares nothing", "L6: 1[a-d)", 8, 6)]
    [InlineData("never below what shares a key, whatever is free there", "L4: 1[k-z]\nL5: 2[a-c]", 80, 3)]
    [InlineData("level 0 stops at once", "L0: 1[f-g]", 80, 0)]
    public void A_table_goes_as_deep_as_it_may(string because, string picture, int mebibytes, int expected)
    {
        Assert.True(expected == LevelFor(picture, mebibytes, []), because);
    }

    [Fact]
    public void A_table_keeps_out_of_the_way_of_a_running_compaction()
    {
        const string Picture = "L5: 1[a-c] 2[l-m]\nL6: 3[a-b] 4[m-z]";
        var version = LevelPicture.VersionOf(Picture);
        var plan = new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(5, version.Level(5)), new CompactionInput(6, version.Level(6))], 6);
        Assert.Equal(6, LevelFor(Picture, 8, []));
        Assert.Equal(5, LevelFor(Picture, 8, [plan]));
        Assert.Equal(6, LevelFor(Picture, 8, [plan with { OutputLevel = 5 }]));
        Assert.Equal(6, LevelFor(Picture, 8, [plan with { Inputs = [new CompactionInput(5, [version.Level(5)[1]])] }]));
        Assert.Equal(6, LevelFor(Picture, 8, [plan with { Kind = CompactionKind.DropCovered }]));
    }

    private static int LevelFor(string picture, int mebibytes, CompactionPlan[] running) => LoadLevel.For(
        LevelPicture.VersionOf(picture), LevelSettings.Default, new KeyRange(LevelPicture.Key("d"), LevelPicture.Key("k")), (long)mebibytes << 20, running);
}
