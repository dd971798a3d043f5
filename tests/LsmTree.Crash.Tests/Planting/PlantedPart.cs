using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Planting;

/// <summary>The tests tested: bugs that are planted on purpose, each of which a named test must notice.</summary>
internal sealed class PlantedPart : Part
{
    public override string Name => "planted";

    public override bool IsOfProcesses => true;

    public override string Claim =>
        "Small faults, of the kinds that engines have shipped, are compiled into a copy of the library and switched on one at a time; for each of them the test that is named for it fails, and passes while none is on.";

    public override string Limits =>
        "The faults were thought of by whoever wrote the tests; each is alone; a fault counts as caught when its test fails, for whatever reason the test gives. The short lanes try a few of them, others every day; the long lane all.";

    public override void Run(PartContext context)
    {
        // Others on other days, and with another seed.
        var count = Math.Min(PlantedBugs.All.Count, context.Amount(smoke: 1, ci: 2));
        var from = context.Lane == Lane.Long ? 0 : (int)(((ulong)DateOnly.FromDateTime(DateTime.UtcNow).DayNumber + context.Seed) * (ulong)count % (ulong)PlantedBugs.All.Count);
        var bugs = Enumerable.Range(from, count).Select(static number => PlantedBugs.All[number % PlantedBugs.All.Count]).ToList();
        if (context.Lane == Lane.Long)
        {
            Build(bugs.Select(static bug => bug.TestProject).Distinct());
        }

        using var board = new Scoreboard(bugs);
        foreach (var failure in board.FailWithoutBugs())
        {
            context.Fail("name=none", failure);
        }

        foreach (var bug in bugs.TakeWhile(_ => !context.IsOver))
        {
            context.At($"name={bug.Name}");
            context.Progress(bugs.IndexOf(bug), bugs.Count);
            var missed = Try(board, bug);
            context.Count("planted bugs");
            context.Count("caught by the test that is named for them", missed is null ? 1 : 0);
            if (missed is not null)
            {
                context.Fail($"name={bug.Name}", missed);
            }
        }

        context.Count("planted bugs that there are", PlantedBugs.All.Count);
    }

    public override void Replay(ReplayWords words)
    {
        List<PlantedBug> bugs = [.. PlantedBugs.All.Where(bug => bug.Name == words["name"])];
        Assert.True(bugs.Count == 1, $"There is no planted bug {words["name"]}. There are: {string.Join(", ", PlantedBugs.All.Select(static bug => bug.Name))}.");
        using var board = new Scoreboard(bugs);
        Assert.Empty(board.FailWithoutBugs());
        Assert.Null(board.WhyMissed(bugs[0]));
        Console.WriteLine($"{bugs[0].Name} is caught by {bugs[0].Test}.");
    }

    private static string? Try(Scoreboard board, PlantedBug bug)
    {
        try
        {
            return board.WhyMissed(bug);
        }
        catch (InvalidOperationException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>What <c>dotnet test</c> has built before, the command builds itself.</summary>
    private static void Build(IEnumerable<string> projects)
    {
        foreach (var project in projects.Where(static project => project != typeof(PlantedPart).Assembly.GetName().Name))
        {
            var (status, text) = Command.Run(DotnetHost.Path, ["build", Path.Combine(Repository.Root, "tests", project), "-c", "Release", "-v", "quiet", "-nologo"], Repository.Root);
            Assert.True(status == 0, text);
        }
    }
}
