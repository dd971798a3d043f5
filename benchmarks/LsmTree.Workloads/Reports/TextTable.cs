namespace LsmTree.Workloads.Reports;

/// <summary>Writes rows in columns of fixed widths, each as soon as it is known: the first column to the left, the others to the right.</summary>
internal sealed class TextTable(TextWriter output, params (string Title, int Width)[] columns)
{
    public void WriteHeader()
    {
        WriteRow([.. columns.Select(static column => column.Title)]);
        output.WriteLine(new string('-', columns.Sum(static column => column.Width + 1) - 1));
    }

    public void WriteRow(params string[] cells)
    {
        var line = cells.Select((cell, place) => place == 0 ? cell.PadRight(columns[place].Width) : cell.PadLeft(columns[place].Width));
        output.WriteLine(string.Join(' ', line).TrimEnd());
        output.Flush();
    }
}
