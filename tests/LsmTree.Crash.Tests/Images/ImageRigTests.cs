using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Images;

/// <summary>The images must be what a crash leaves, and the check must be able to fail.</summary>
public sealed class ImageRigTests
{
    [Fact]
    public void A_write_that_was_not_synced_is_missed_when_it_was_promised()
    {
        var script = ImageScript.Run("f1 p2", ImageScripts.Options("normal"));
        Assert.Equal(1, ImageCheck.Find(AtEnd(script, Persistence.NothingUnsynced).Files, script.History, ImageScripts.Options("normal"), 1, 2));
        Assert.Equal(2, ImageCheck.Find(AtEnd(script, Persistence.Everything).Files, script.History, ImageScripts.Options("normal"), 2, 2));
        var failure = Assert.Throws<ImageException>(() => ImageCheck.Find(AtEnd(script, Persistence.NothingUnsynced).Files, script.History, ImageScripts.Options("normal"), 2, 2));
        Assert.Contains("as after commit 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_no_commit_left_is_found()
    {
        var script = ImageScript.Run("f1 f2", ImageScripts.Options("full"));
        var other = new ImageHistory();
        other.Begin()[5] = 1;
        other.Begin();
        Assert.Throws<ImageException>(() => ImageCheck.Find(AtEnd(script, Persistence.Everything).Files, other, ImageScripts.Options("full"), 0, 2));
    }

    [Fact]
    public void An_image_holds_what_its_persistence_says()
    {
        var files = new SimFileSystem { Journal = [] };
        files.CreateDirectory("/d");
        var file = files.CreateAppend("/d/a", default);
        file.Append("synced"u8);
        file.Sync();
        files.SyncDirectory("/d");
        file.Append(" not"u8);
        files.CreateAppend("/d/b", default).Append("new"u8);
        var points = new CrashPoints(new SimFileSystem().Names);
        files.Journal.ForEach(points.Advance);
        Assert.Equal("a=synced", Show(points, Persistence.NothingUnsynced));
        Assert.Equal("a=synced not b=new", Show(points, Persistence.Everything));
        Assert.Equal("a=synced\0\0\0\0 b=\0\0\0", Show(points, Persistence.SizeBeforeData));
        Assert.Equal(1, points.PendingNames);
    }

    [Fact]
    public void A_directory_whose_parent_was_not_synced_goes_with_all_that_is_in_it()
    {
        var files = new SimFileSystem { Journal = [] };
        files.MakeUnsyncedDirectory("/d");
        var file = files.CreateAppend("/d/a", default);
        file.Append("synced"u8);
        file.Sync();
        files.SyncDirectory("/d");
        var points = new CrashPoints(new SimFileSystem().Names);
        files.Journal.ForEach(points.Advance);
        var dice = new Dice(1);
        Assert.False(points.Materialise(Persistence.NothingUnsynced, ref dice).Files.DirectoryExists("/d"));
        Assert.Equal("a=synced", Show(points, Persistence.Everything));

        files.SyncDirectory("/");
        points.Advance(files.Journal[^1]);
        Assert.Equal("a=synced", Show(points, Persistence.NothingUnsynced));
    }

    [Fact]
    public void Two_throws_of_one_seed_are_one_image()
    {
        var script = ImageScript.Run("m p1 F P2", ImageScripts.Options("normal"));
        Assert.Equal(AtEnd(script, Persistence.RandomSectors).Identity, AtEnd(script, Persistence.RandomSectors).Identity);
        Assert.NotEqual(AtEnd(script, Persistence.Everything).Identity, AtEnd(script, Persistence.NothingUnsynced).Identity);
    }

    [Fact]
    public void There_are_scripts_enough() => Assert.True(ImageScripts.Written.Distinct().Count() >= 40);

    [Fact]
    public void A_replay_line_is_understood() =>
        new ImagePart().Replay(new ReplayWords(["script=p1 p2 F p1 p3 F", "options=full", "point=24", "persistence=RandomSectors", "torn=0", "seed=1012655"]));

    [Theory]
    [InlineData("f1 m f2 S f3 m f4 C f5 R f6", "normal")]
    [InlineData("f1 m f2 S f3 m f4 C f5 R f6", "brotli")]
    [InlineData("m C m C m C", "full-positional")]
    public void A_seal_of_the_manifest_that_lost_a_sector_before_an_unsynced_edit_is_no_damage(string script, string options)
    {
        // The seal lies across the end of a sector, and only the later sector reached the disk.
        var context = new PartContext(new ImagePart(), Lane.CI, 1, null, static _ => { });
        new ImageCrasher(ImageScript.Run(script, options), 1, new ImageEffort(8, 0, 1, 0)).Run(lastWordOnly: false, context);
        Assert.Empty(context.Failures);
    }

    [Fact]
    public void A_database_is_found_after_its_last_durable_statement_and_told_from_every_other()
    {
        var script = SqlScript.Run("c1 i1 m11", "Full");
        Assert.Equal(3, script.Check(AtEnd(script, Persistence.NothingUnsynced).Files, 3, 3));
        Assert.True(script.IsAlsoAfter(3, 0, 3));
        Assert.False(script.IsAlsoAfter(3, 0, 2));
        Assert.Throws<ImageException>(() => script.Check(AtEnd(script, Persistence.NothingUnsynced).Files, 0, 2));
        Assert.Throws<ImageException>(() => SqlScript.Run("c1 p1 m11", "Full").Check(AtEnd(script, Persistence.Everything).Files, 0, 3)); // other rows
        Assert.Throws<ImageException>(() => SqlScript.Run("c2 i2 m22", "Full").Check(AtEnd(script, Persistence.Everything).Files, 0, 3)); // another table
    }

    [Fact]
    public void A_database_that_is_not_synced_loses_whole_statements()
    {
        var script = SqlScript.Run("c1 i1 F u1 d1", "Normal");
        Assert.Equal(2, script.Check(AtEnd(script, Persistence.NothingUnsynced).Files, 0, 4));
        Assert.Equal(4, script.Check(AtEnd(script, Persistence.Everything).Files, 0, 4));
    }

    private static CrashImage AtEnd(IRecordedRun script, Persistence persistence)
    {
        var points = new CrashPoints(new SimFileSystem().Names);
        foreach (var step in script.Files.Journal!)
        {
            points.Advance(step);
        }

        var dice = new Dice(5);
        return points.Materialise(persistence, ref dice);
    }

    private static string Show(CrashPoints points, Persistence persistence)
    {
        var dice = new Dice(1);
        var image = points.Materialise(persistence, ref dice).Files;
        return string.Join(' ', image.List("/d").Select(name =>
        {
            using var file = image.OpenRead($"/d/{name}");
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            return $"{name}={System.Text.Encoding.ASCII.GetString(bytes)}";
        }));
    }
}
