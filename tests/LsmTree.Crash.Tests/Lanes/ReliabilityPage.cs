using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>Writes docs/reliability.md: what was run, how much of it, and what it does not show.</summary>
internal static class ReliabilityPage
{
    public static void Write(IReadOnlyList<PartContext> parts, Lane lane, ulong seed)
    {
        var page = new StringBuilder();
        page.AppendLine("# Reliability: what was tried, and how often");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"Written by `dotnet run -c Release --project tests/LsmTree.Crash.Tests -- --lane {Name(lane)} --seed {seed}` on {DateTime.UtcNow:yyyy-MM-dd}, at commit {Commit()},");
        page.AppendLine(CultureInfo.InvariantCulture, $"on {Environment.ProcessorCount} processors in {parts.Sum(static part => part.Took.TotalMinutes):0.0} minutes. Do not edit it: run the command.");
        page.AppendLine();
        page.AppendLine("A failure prints one line that repeats it. [Durability](durability.md) says what is promised; this page says how the promise was attacked.");
        foreach (var part in parts)
        {
            page.AppendLine();
            page.AppendLine(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(part.Part.Name[0])}{part.Part.Name[1..]}");
            page.AppendLine();
            page.AppendLine(part.Part.Claim);
            page.AppendLine();
            page.AppendLine("| counted | |");
            page.AppendLine("|---|---:|");
            foreach (var (what, count) in part.Counts)
            {
                page.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {count:N0} |");
            }

            page.AppendLine(CultureInfo.InvariantCulture, $"| **failures** | **{part.Failures.Count:N0}** |");
            page.AppendLine();
            page.AppendLine(CultureInfo.InvariantCulture, $"*Limits:* {part.Part.Limits}");
        }

        File.WriteAllText(Path.Combine(RepositoryRoot(), "docs", "reliability.md"), page.ToString().ReplaceLineEndings("\n"));
    }

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
