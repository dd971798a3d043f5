using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>Writes docs/reliability.md: what was run, how much of it, and what it does not show.</summary>
internal static class ReliabilityPage
{
    private const string SectionMark = "\n## ";

    private static string FilePath => Path.Combine(RepositoryRoot(), "docs", "reliability.md");

    /// <summary>Writes the sections of the parts that ran; those of other parts stay as their last run left them.</summary>
    public static void Write(IReadOnlyList<PartContext> parts, Lane lane, ulong seed)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(FilePath))
        {
            foreach (var section in File.ReadAllText(FilePath).Split(SectionMark).Skip(1))
            {
                sections[section[..section.IndexOf('\n')]] = section.TrimEnd('\n');
            }
        }

        foreach (var part in parts)
        {
            sections[Title(part.Part)] = Section(part, lane, seed);
        }

        var page = new StringBuilder();
        page.AppendLine("# Reliability: what was tried, and how often");
        page.AppendLine();
        page.AppendLine("Written by `dotnet run -c Release --project tests/LsmTree.Crash.Tests -- --lane ci`, or for one part with `--only PART` behind it. Do not edit it: run the command.");
        page.AppendLine();
        page.AppendLine("A failure prints one line that repeats it. [Durability](durability.md) says what is promised; this page says how the promise was attacked.");
        foreach (var part in Parts.All.Where(part => sections.ContainsKey(Title(part))))
        {
            page.Append(SectionMark).AppendLine(sections[Title(part)]);
        }

        File.WriteAllText(FilePath, page.ToString().ReplaceLineEndings("\n"));
    }

    private static string Section(PartContext part, Lane lane, ulong seed)
    {
        var section = new StringBuilder();
        section.AppendLine(Title(part.Part));
        section.AppendLine();
        section.AppendLine(part.Part.Claim);
        section.AppendLine();
        section.AppendLine("| counted | |");
        section.AppendLine("|---|---:|");
        foreach (var (what, count) in part.Counts)
        {
            section.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {count:N0} |");
        }

        section.AppendLine(CultureInfo.InvariantCulture, $"| **failures** | **{part.Failures.Count:N0}** |");
        section.AppendLine();
        section.AppendLine(CultureInfo.InvariantCulture, $"*Limits:* {part.Part.Limits}");
        section.AppendLine();
        section.Append(CultureInfo.InvariantCulture, $"*Run:* {Name(lane)} lane, seed {seed}, {DateTime.UtcNow:yyyy-MM-dd}, commit {Commit()}, {Environment.ProcessorCount} processors, {part.Took.TotalMinutes:0.0} minutes.");
        return section.ToString();
    }

    private static string Title(Part part) => $"{char.ToUpperInvariant(part.Name[0])}{part.Name[1..]}";

    private static string Name(Lane lane) => lane switch { Lane.CI => "ci", Lane.Long => "long", _ => "smoke" };

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true, WorkingDirectory = RepositoryRoot() })!;
            var text = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return text.Length > 0 ? text : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static string RepositoryRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The proofs are not run from within the repository.");
    }
}
