namespace LsmTree.Data.Tests.Formats;

/// <summary>A page of docs/formats, read for its examples: the rows of its tables, and the bytes left of the bars in its hex drawings.</summary>
internal static class FormatPage
{
    /// <summary>The rows, cell by cell and without back-ticks, of the table whose heading begins with the given cells.</summary>
    public static IReadOnlyList<string[]> Table(string page, params string[] heading) =>
        [.. Lines(page)
            .Select(CellsOf)
            .SkipWhile(cells => !cells.Take(heading.Length).SequenceEqual(heading))
            .Skip(2)
            .TakeWhile(static cells => cells.Length > 0)];

    /// <summary>The bytes of each hex drawing, in order.</summary>
    public static IReadOnlyList<byte[]> Drawings(string page)
    {
        var drawings = new List<byte[]>();
        List<byte>? open = null;
        foreach (var line in Lines(page))
        {
            if (line == "```hex")
            {
                open = [];
            }
            else if (line == "```" && open is not null)
            {
                drawings.Add([.. open]);
                open = null;
            }
            else
            {
                open?.AddRange(Rows.HexText.Parse(line.Split('|')[0]));
            }
        }

        return drawings;
    }

    // Not by the path of this file: a deterministic build does not know it.
    private static string[] Lines(string page)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return File.ReadAllLines(Path.Combine(directory.FullName, "docs", "formats", page));
            }
        }

        throw new DirectoryNotFoundException($"No LsmTree.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }

    private static string[] CellsOf(string line) => line.StartsWith('|')
        ? [.. line.Trim('|').Split('|').Select(static cell => cell.Trim().Trim('`'))]
        : [];
}
