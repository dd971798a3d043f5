using System.Globalization;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>What one run of one part counted, as a section of the page tells it.</summary>
/// <param name="Counts">What was counted, the failures last.</param>
/// <param name="Circumstances">Seed, date, commit, machine and duration.</param>
internal sealed record ReliabilityRun(IReadOnlyList<(string What, long Count)> Counts, string Circumstances)
{
    /// <summary>How long it took, as the circumstances say; 0 when they do not.</summary>
    public double Minutes
    {
        get
        {
            const string Unit = " minutes";
            var end = Circumstances.LastIndexOf(Unit, StringComparison.Ordinal);
            return end > 0 && double.TryParse(Circumstances.AsSpan(Circumstances.LastIndexOf(' ', end - 1) + 1, end - Circumstances.LastIndexOf(' ', end - 1) - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) ? minutes : 0;
        }
    }

    public static string Heading(Lane lane) => lane switch { Lane.CI => "ci lane", Lane.Long => "long lane", _ => "smoke lane" };

    /// <summary>What is to read of an earlier run's section: one column of the table, and one line below it, for each lane.</summary>
    public static SortedDictionary<Lane, ReliabilityRun> ReadAll(string section)
    {
        var lines = section.Split('\n');
        var rows = lines.Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Select(static line => line[2..^2].Split(" | ")).ToList();
        var runs = new SortedDictionary<Lane, ReliabilityRun>();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            var column = rows.Count == 0 ? -1 : Array.IndexOf(rows[0], Heading(lane));
            if (column <= 0)
            {
                continue;
            }

            var mark = $"*{Heading(lane)}:* ";
            runs[lane] = new ReliabilityRun(
                [.. rows.Skip(1).Where(row => row[column] != "").Select(row => (row[0], long.Parse(row[column], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)))],
                lines.First(line => line.StartsWith(mark, StringComparison.Ordinal))[mark.Length..].TrimEnd('.'));
        }

        return runs;
    }

    /// <summary>The count of <paramref name="what"/> as the table spells it; empty where this run did not count it.</summary>
    public string Of(string what) =>
        string.Concat(Counts.Where(count => count.What == what).Select(static count => count.Count.ToString("N0", CultureInfo.InvariantCulture)));
}
