using System.Text.RegularExpressions;

namespace LsmTree.Architecture.Tests;

/// <summary>What the pages point to is there, and so are the decisions that comments name.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_relative_link_leads_to_a_file_and_to_a_heading_of_it(string page) =>
        Assert.Empty(Broken(page, Repository.Read(page)));

    [Fact]
    public void A_decision_that_a_comment_names_exists()
    {
        var names = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs/decisions"), "*.md").Select(static path => Path.GetFileName(path)[..4]).ToHashSet();
        var wrong = Repository.SourceFiles("src", "tests", "benchmarks")
            .SelectMany(static file => file.Lines.SelectMany(line => Decision().Matches(line).Select(match => (file.Path, Number: match.Groups["number"].Value))))
            .Where(named => !names.Contains(named.Number));
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("[a](nowhere.md)", "nowhere.md")]
    [InlineData("[a](sql.md#no-such-heading)", "sql.md#no-such-heading")]
    [InlineData("[a](#no-such-heading)", "#no-such-heading")]
    [InlineData("[a](sql.md#parameters) [b](https://example.com/nowhere.md) `[c](nowhere.md)`", null)]
    public void The_rule_can_fail(string text, string? broken) =>
        Assert.Equal(broken is null ? [] : [broken], Broken("docs/adonet.md", text));

    private static List<string> Broken(string page, string text)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var broken = new List<string>();
        foreach (Match match in Link().Matches(Code().Replace(text, "")))
        {
            var target = match.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0 ? Path.Combine(Repository.Root, page) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
            var isThere = parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)
                ? File.Exists(path) || Directory.Exists(path)
                : File.Exists(path) && Headings(parts[0].Length == 0 ? text : File.ReadAllText(path)).Contains(parts[1]);
            if (!isThere)
            {
                broken.Add(target);
            }
        }

        return broken;
    }

    /// <summary>The names by which headings are linked to: small letters, hyphens for spaces, no other signs.</summary>
    private static IEnumerable<string> Headings(string text) =>
        Heading().Matches(text).Select(static match => NoLetter().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetter();

    [GeneratedRegex(@"docs/decisions/(?<number>\d{4})")]
    private static partial Regex Decision();
}
