using System.Globalization;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>A part as a test. <c>LSMTREE_LANE</c> chooses the lane; without it CI machines take theirs, and everybody else the short one.</summary>
internal static class ProofTest
{
    private static Lane Chosen =>
        Environment.GetEnvironmentVariable("LSMTREE_LANE") is { Length: > 0 } name ? Enum.Parse<Lane>(name, ignoreCase: true)
        : Environment.GetEnvironmentVariable("CI") == "true" ? Lane.CI
        : Lane.Smoke;

    public static void Run(string name, ITestOutputHelper output)
    {
        var part = Parts.All.First(part => part.Name == name);
        var context = new PartContext(part, Chosen, seed: 1, budget: null, output.WriteLine);
        Assert.SkipUnless(part.IsFor(Chosen), $"not in the {Chosen} lane");
        using var watchdog = context.Watch();
        part.Run(context);
        Assert.SkipWhen(context.Skipped is not null, context.Skipped ?? "");
        output.WriteLine(string.Join(", ", context.Counts.Select(static count => string.Create(CultureInfo.InvariantCulture, $"{count.Count:N0} {count.What}"))) + "; " + context.Cost);
        Assert.True(context.Failures.Count == 0, string.Join(Environment.NewLine, context.Failures));
    }
}
