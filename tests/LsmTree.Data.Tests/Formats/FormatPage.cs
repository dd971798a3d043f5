using System.Runtime.CompilerServices;

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

    private static string[] Lines(string page, [CallerFilePath] string thisFile = "")
    {
        var directory = Path.GetDirectoryName(thisFile)!;
        while (!File.Exists(Path.Combine(directory, "LsmTree.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The repository is not where it was built.");
        }

        return File.ReadAllLines(Path.Combine(directory, "docs", "formats", page));
    }

    private static string[] CellsOf(string line) => line.StartsWith('|')
        ? [.. line.Trim('|').Split('|').Select(static cell => cell.Trim().Trim('`'))]
        : [];
}
