namespace LsmTree.Cli.Results;

/// <summary>Plain aligned columns, for people who read a file or a pipe.</summary>
internal sealed class AlignedTableWriter(TextWriter output) : IResultWriter
{
    private const string Gap = "  ";

    private readonly TableRows _rows = new();
    private int[]? _widths;

    public void Begin(IReadOnlyList<string> columns)
    {
        _rows.Begin(columns);
        _widths = null;
    }

    public void Row(object?[] values)
    {
        _rows.Add(values);
        if (_rows.IsFull)
        {
            WritePending();
        }
    }

    public void End()
    {
        WritePending();
        output.WriteLine(_rows.CountText());
    }

    public void Note(string message) => output.WriteLine(message);

    private void WritePending()
    {
        var numeric = Enumerable.Range(0, _rows.Columns.Count).Select(_rows.IsNumeric).ToArray();
        if (_widths is null)
        {
            // The first rows decide the widths; a longer value later sticks out of its column.
            _widths = [.. _rows.Columns.Select((column, index) => _rows.Pending.Select(row => row[index].Text.Length).Append(column.Length).Max())];
            WriteLine([.. _rows.Columns], numeric, _widths);
            WriteLine([.. _widths.Select(static width => new string('-', width))], numeric, _widths);
        }

        foreach (var row in _rows.Pending)
        {
            WriteLine(Array.ConvertAll(row, static cell => cell.Text), numeric, _widths);
        }

        _rows.Clear();
    }

    private void WriteLine(string[] texts, bool[] numeric, int[] widths)
    {
        var padded = texts.Select((text, index) => numeric[index] ? text.PadLeft(widths[index]) : text.PadRight(widths[index]));
        output.WriteLine(string.Join(Gap, padded).TrimEnd());
    }
}
