using System.Text.RegularExpressions;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Planting;

/// <summary>The table of planted bugs keeps up with the sources and the tests that it names; whether each is caught is for the scoreboard to say.</summary>
public sealed class PlantedBugTests
{
    private const int Promised = 60;

    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(static bug => bug.Name)];

    [Fact]
    public void There_are_bugs_enough_and_each_has_a_name_of_its_own()
    {
        Assert.True(PlantedBugs.All.Count >= Promised, $"only {PlantedBugs.All.Count} planted bugs");
        Assert.Equal(PlantedBugs.All.Count, PlantedBugs.All.Select(static bug => bug.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bug_has_its_place_in_the_sources_and_its_test(string name)
    {
        var bug = PlantedBugs.All.First(bug => bug.Name == name);
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", bug.File));
        Assert.Equal(2, source.Split(bug.Old).Length);
        Assert.NotEqual(bug.Old, bug.New);

        var names = bug.Test[(bug.TestProject.Length + 1)..].Split('.');
        var tests = File.ReadAllText(Path.Combine([Repository.Root, "tests", bug.TestProject, .. names[..^2], names[^2] + ".cs"]));
        Assert.Matches(new Regex($@"\[(Fact|Theory)\b((?!\bpublic\b).)*\bpublic (async )?(void|Task) {names[^1]}\(", RegexOptions.Singleline), tests);
    }

    [Fact]
    public void No_two_bugs_of_a_file_are_in_the_same_place()
    {
        foreach (var file in PlantedBugs.All.GroupBy(static bug => bug.File))
        {
            var source = File.ReadAllText(Path.Combine(Repository.Root, "src", file.Key));
            var places = file.Select(bug => (bug.Name, From: source.IndexOf(bug.Old, StringComparison.Ordinal), bug.Old.Length)).OrderBy(static place => place.From).ToList();
            for (var i = 1; i < places.Count; i++)
            {
                Assert.True(places[i - 1].From + places[i - 1].Length <= places[i].From, $"{places[i - 1].Name} and {places[i].Name} overlap in {file.Key}");
            }
        }
    }

    [Fact]
    public void A_bug_that_no_test_notices_is_missed()
    {
        // What it breaks, this test does not look at.
        var bug = PlantedBugs.All[0] with { Test = "LsmTree.Storage.Tests.Bytes.Crc32CTests.The_published_check_values_come_out" };
        using var board = new Scoreboard([bug]);
        Assert.Empty(board.FailWithoutBugs());
        Assert.NotNull(board.WhyMissed(bug));
    }
}
