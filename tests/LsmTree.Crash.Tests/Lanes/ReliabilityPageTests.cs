namespace LsmTree.Crash.Tests.Lanes;

public sealed class ReliabilityPageTests
{
    [Fact]
    public void A_run_of_one_lane_leaves_what_the_other_lane_and_the_other_parts_found()
    {
        var page = ReliabilityPage.Compose("", [Counted(0, Lane.CI, ("operations", 10_080_000)), Counted(1, Lane.CI, ("crash images", 7))], Lane.CI, 1, "2026-01-01, commit 1");
        page = ReliabilityPage.Compose(page, [Counted(0, Lane.Long, ("operations", 99_000_000), ("kinds", 3))], Lane.Long, 2, "2026-01-02, commit 2");

        Assert.Contains("| counted | ci lane | long lane |", page, StringComparison.Ordinal);
        Assert.Contains("| operations | 10,080,000 | 99,000,000 |", page, StringComparison.Ordinal);
        Assert.Contains("| kinds |  | 3 |", page, StringComparison.Ordinal);
        Assert.Contains("| failures | 0 | 0 |", page, StringComparison.Ordinal);
        Assert.Contains("*ci lane:* seed 1, 2026-01-01, commit 1,", page, StringComparison.Ordinal);
        Assert.Contains("*long lane:* seed 2, 2026-01-02, commit 2,", page, StringComparison.Ordinal);
        Assert.Contains("| crash images | 7 |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_replaces_what_the_same_lane_found_before()
    {
        var page = ReliabilityPage.Compose("", [Counted(0, Lane.CI, ("operations", 5))], Lane.CI, 1, "2026-01-01, commit 1");
        page = ReliabilityPage.Compose(page, [Counted(0, Lane.CI, ("operations", 6))], Lane.CI, 3, "2026-01-03, commit 3");

        Assert.Contains("| operations | 6 |", page, StringComparison.Ordinal);
        Assert.DoesNotContain("commit 1", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_one_lane_has_counted_is_read_back_from_the_page()
    {
        var page = ReliabilityPage.Compose("", [Counted(0, Lane.CI, ("operations", 5), ("sequences", 7))], Lane.CI, 1, "2026-01-01, commit 1");
        page = ReliabilityPage.Compose(page, [Counted(0, Lane.Long, ("operations", 6))], Lane.Long, 1, "2026-01-02, commit 2");
        page = ReliabilityPage.Compose(page, [Counted(0, Lane.Long, ("operations", 8))], Lane.Long, 1, "2026-01-03, commit 3");

        Assert.Contains("| operations | 5 | 8 |", page, StringComparison.Ordinal);
        Assert.Contains("| sequences | 7 |  |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_minutes_of_a_lane_are_added_up()
    {
        Assert.Equal(4.2, new ReliabilityRun([], "seed 1, 2026-01-01, commit 1, 2 processors, 4.2 minutes").Minutes);
        Assert.Equal(0, new ReliabilityRun([], "seed 1").Minutes);
        var page = ReliabilityPage.Compose("", [Counted(0, Lane.CI, ("operations", 5)), Counted(1, Lane.CI, ("crash images", 6))], Lane.CI, 1, "2026-01-01, commit 1");
        page = ReliabilityPage.Compose(page, [Counted(0, Lane.CI, ("operations", 7))], Lane.CI, 1, "2026-01-02, commit 2");
        Assert.Contains("*ci lane:* 0.0 minutes for 2 parts, each by its own clock.", page, StringComparison.Ordinal);
        Assert.Contains("| crash images | 6 |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_hangs_is_told_with_the_case_that_it_is_at()
    {
        var context = new PartContext(Parts.All[2], Lane.CI, 7, null, static _ => { });
        context.At("script=p1 at=5");
        Assert.Null(context.WhyHung(TimeSpan.FromHours(1)));
        var story = context.WhyHung(TimeSpan.Zero);
        Assert.Contains("-- --replay faults script=p1 at=5", story, StringComparison.Ordinal);
        Assert.Contains("-- --lane ci --only faults --seed 7", story, StringComparison.Ordinal);
    }

    private static PartContext Counted(int part, Lane lane, params (string What, long Count)[] counts)
    {
        var context = new PartContext(Parts.All[part], lane, 1, null, static _ => { });
        foreach (var (what, count) in counts)
        {
            context.Count(what, count);
        }

        context.Finish();
        return context;
    }
}
