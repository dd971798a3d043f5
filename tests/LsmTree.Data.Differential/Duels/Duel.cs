using System.Text;
using LsmTree.Data.Differential.Databases;
using LsmTree.Data.Differential.Generators;
using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Duels;

/// <summary>Tells one story to LsmTree and to another database, statement by statement, and compares rows, counts and errors.</summary>
internal sealed class Duel(Func<IDatabase> openOther, Subset subset)
{
    /// <summary>Runs the stories of a range of seeds. The first difference fails the test with the shortest story that shows it.</summary>
    public Tally Run(int firstSeed, int stories, int length)
    {
        var tally = new Tally();
        for (var seed = firstSeed; seed < firstSeed + stories; seed++)
        {
            var story = Stories.Tell(seed, subset, length);
            if (Find(story, tally) is { } difference)
            {
                Assert.Fail(Report(seed, length, difference, Shrink([.. story.Take(difference.Position + 1)], difference)));
            }
        }

        return tally;
    }

    private Difference? Find(IReadOnlyList<Statement> story, Tally? tally = null)
    {
        using var ours = new LsmDatabase();
        using var theirs = openOther();
        for (var i = 0; i < story.Count; i++)
        {
            var (here, there) = (ours.Execute(story[i]), theirs.Execute(story[i]));
            if (!here.Agrees(there))
            {
                return new Difference(i, story[i], here, there);
            }

            tally?.Add(story[i], here);
        }

        return null;
    }

    /// <summary>Leaves out as many statements as possible, in halves first and one by one at last.</summary>
    private List<Statement> Shrink(List<Statement> story, Difference difference)
    {
        for (var size = story.Count / 2; size > 0; size /= 2)
        {
            for (var start = story.Count - 1 - size; start >= 0; start -= size)
            {
                List<Statement> shorter = [.. story.Take(start), .. story.Skip(start + size)];
                if (difference.IsSameAs(Find(shorter)))
                {
                    story = shorter;
                }
            }
        }

        return story;
    }

    private string Report(int seed, int length, Difference first, List<Statement> story)
    {
        var again = Find(story);
        var difference = again ?? first;
        using var other = openOther();
        var report = new StringBuilder($"LsmTree and {other.Dialect} differ. Replay: {Seeds.Variable}={seed}x{length} dotnet run --project tests/LsmTree.Data.Differential -- -class \"*{other.Dialect}Tests\"\n");
        foreach (var statement in story)
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"  {RenderedText.Of(statement.Text, Dialect.Lsm)};");
        }

        report.AppendLine(CultureInfo.InvariantCulture, $"for {other.Dialect}:\n  {RenderedText.Of(story[^1].Text, other.Dialect)};");
        report.AppendLine(CultureInfo.InvariantCulture, $"LsmTree:  {difference.Ours}\n{other.Dialect}: {difference.Theirs}");
        if (again is null)
        {
            report.AppendLine("The second time they agreed: what differs depends on more than the story.");
        }

        return report.ToString();
    }
}
