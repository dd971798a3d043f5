using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>Writes docs/reliability.md: what was run, how much of it, and what it does not show.</summary>
internal static class ReliabilityPage
{
    private const string SectionMark = "\n## ";

    private static string FilePath => Path.Combine(Repository.Root, "docs", "reliability.md");

    /// <summary>Writes what the parts of this run found; what other lanes found, and other parts, stays as their last run left it.</summary>
    public static void Write(IReadOnlyList<PartContext> parts, Lane lane, ulong seed)
    {
        var text = File.Exists(FilePath) ? File.ReadAllText(FilePath).ReplaceLineEndings("\n") : "";
        File.WriteAllText(FilePath, Compose(text, parts, lane, seed, $"{DateTime.UtcNow:yyyy-MM-dd}, commit {Commit()}").ReplaceLineEndings("\n"));
    }

    /// <summary>The page that <paramref name="page"/> becomes.</summary>
    public static string Compose(string page, IReadOnlyList<PartContext> parts, Lane lane, ulong seed, string dateAndCommit)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in page.Split(SectionMark).Skip(1))
        {
            sections[section[..section.IndexOf('\n')]] = section.TrimEnd('\n');
        }

        foreach (var part in parts)
        {
            var found = ReliabilityRun.ReadAll(sections.GetValueOrDefault(Title(part.Part), ""));
            found[lane] = new ReliabilityRun(
                [.. part.Counts, ("failures", part.Failures.Count)],
                string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {dateAndCommit}, {Environment.ProcessorCount} processors, {part.Took.TotalMinutes:0.0} minutes{(part.Skipped is { } reason ? $"; not run there: {reason.TrimEnd('.')}" : "")}"));
            sections[Title(part.Part)] = Section(part.Part, found);
        }

        var result = new StringBuilder();
        result.AppendLine("# Reliability: what was tried, and how often");
        result.AppendLine();
        result.AppendLine("Written by `dotnet run -c Release --project tests/LsmTree.Crash.Tests -- --lane ci` (or `--lane long --hours 2`), or for one part with `--only PART` behind it; or in the midst of all tests by `LSMTREE_PAGE=true .ci/run`. Do not edit it: run the command.");
        result.AppendLine();
        result.AppendLine("A failure prints one line that repeats it. [Durability](durability.md) says what is promised; this page says how the promise was attacked.");
        result.AppendLine();
        result.AppendLine("Not here but in tests of their own: random statements against SQLite and PostgreSQL (tests/LsmTree.Data.Differential), and the anomalies of Hermitage for each isolation level (tests/LsmTree.Data.Tests/Isolation). [Traps](traps.md) lists the bugs that were found, each with the test that stands for it.");
        foreach (var total in Totals(sections.Values))
        {
            result.AppendLine().AppendLine(total);
        }

        foreach (var part in Parts.All.Where(part => sections.ContainsKey(Title(part))))
        {
            result.Append(SectionMark).AppendLine(sections[Title(part)]);
        }

        return result.ToString();
    }

    /// <summary>How long all parts of a lane took together.</summary>
    private static IEnumerable<string> Totals(IEnumerable<string> sections)
    {
        var runs = sections.Select(ReliabilityRun.ReadAll).ToList();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            var minutes = runs.Where(found => found.ContainsKey(lane)).Select(found => found[lane].Minutes).ToList();
            if (minutes.Count > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"*{ReliabilityRun.Heading(lane)}:* {minutes.Sum():0.0} minutes for {minutes.Count} parts, each by its own clock.");
            }
        }
    }

    private static string Section(Part part, SortedDictionary<Lane, ReliabilityRun> found)
    {
        var section = new StringBuilder();
        section.AppendLine(Title(part));
        section.AppendLine();
        section.AppendLine(part.Claim);
        section.AppendLine();
        section.AppendLine(CultureInfo.InvariantCulture, $"| counted | {string.Join(" | ", found.Keys.Select(ReliabilityRun.Heading))} |");
        section.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(found.Keys.Select(static _ => "---:|"))}");
        foreach (var what in found.Values.SelectMany(static run => run.Counts.Select(static count => count.What)).Distinct().OrderBy(static what => what == "failures"))
        {
            section.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {string.Join(" | ", found.Values.Select(run => run.Of(what)))} |");
        }

        section.AppendLine();
        section.Append(CultureInfo.InvariantCulture, $"*Limits:* {part.Limits}");
        foreach (var (lane, run) in found)
        {
            section.AppendLine().AppendLine();
            section.Append(CultureInfo.InvariantCulture, $"*{ReliabilityRun.Heading(lane)}:* {run.Circumstances}.");
        }

        return section.ToString();
    }

    private static string Title(Part part) => $"{char.ToUpperInvariant(part.Name[0])}{part.Name[1..]}";

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root })!;
            var text = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return text.Length > 0 ? text : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
