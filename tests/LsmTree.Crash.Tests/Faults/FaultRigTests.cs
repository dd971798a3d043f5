using LsmTree.Crash.Tests.Corruption;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>The rig itself.</summary>
public sealed class FaultRigTests
{
    [Fact]
    public void Equal_disks_are_opened_once_and_a_byte_a_length_or_a_name_makes_another()
    {
        var fixture = Fixture.All.First(static fixture => fixture.Name == "killed");
        var log = fixture.Bytes(fixture.NewestLog);
        var images = new FaultImages(fixture.Options);
        (string, byte[]?)[][] disks =
        [
            [],
            [(fixture.NewestLog, log[..^1])], // a byte of the reserved zeros
            [("stray", [1])],
            [("stray", [2])],
            [("other", [2])],
        ];
        Assert.Equal(0, log[^1]);
        foreach (var files in disks)
        {
            Assert.Equal(fixture.History.States[^1], images.Read(fixture.Disk(files)).State);
        }

        Assert.Equal(disks.Length, images.Opened);
        foreach (var files in disks)
        {
            Assert.Equal(fixture.History.States[^1], images.Read(fixture.Disk(files)).State);
        }

        Assert.Equal(disks.Length, images.Opened);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("full-positional")]
    public void Operations_of_the_last_word_are_told_from_those_before(string set)
    {
        var images = new FaultImages(Images.ImageScripts.Options(set));
        var alone = FaultRun.Survey("p1", set, images);
        var both = FaultRun.Survey("p1 F", set, images);

        Assert.True(alone.LastWordFrom > 0, "opening is no operation");
        Assert.Equal(alone.Operations.Take(alone.LastWordFrom), both.Operations.Take(alone.LastWordFrom));
        Assert.True(both.LastWordFrom > alone.LastWordFrom, "the first word is no operation");
        Assert.Contains(SimEventKind.Sync, both.Operations.Skip(both.LastWordFrom));
    }
}
