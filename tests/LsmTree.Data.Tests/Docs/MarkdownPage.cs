namespace LsmTree.Data.Tests.Docs;

/// <summary>A page of the repository: its fenced blocks and its tables.</summary>
internal sealed class MarkdownPage
{
    private const string Fence = "```";

    private readonly string[] _lines;

    private MarkdownPage(string name, string[] lines)
    {
        Name = name;
        _lines = lines;
    }

    public static string Root { get; } = FindRoot();

    public string Name { get; }

    public static MarkdownPage Read(string name) => new(name, File.ReadAllLines(Path.Combine(Root, name)));

    public IEnumerable<MarkdownBlock> Blocks()
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            if (!_lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.FindIndex(_lines, i + 1, static line => line.StartsWith(Fence, StringComparison.Ordinal));
            Assert.True(end > i, $"{Name}:{i + 1}: a block that never ends");
            yield return new MarkdownBlock(i + 1, _lines[i][Fence.Length..].Trim(), _lines[(i + 1)..end], i > 0 ? _lines[i - 1] : "");
            i = end;
        }
    }

    /// <summary>The rows under a heading, as cells without the bars and blanks.</summary>
    public IEnumerable<string[]> Table(string headingBegins)
    {
        var heading = Array.FindIndex(_lines, line => line.StartsWith(headingBegins, StringComparison.Ordinal));
        Assert.True(heading >= 0, $"{Name} has no table that begins with {headingBegins}");
        return _lines.Skip(heading + 2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
    }

    // Not by the path of this file: a deterministic build does not know it.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LsmTree.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No LsmTree.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
