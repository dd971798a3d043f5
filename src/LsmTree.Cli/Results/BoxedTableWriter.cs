using Spectre.Console;

namespace LsmTree.Cli.Results;

/// <summary>Tables with lines and colours, for people at a terminal.</summary>
internal sealed class BoxedTableWriter : IResultWriter
{
    private readonly TableRows _rows = new();
    private readonly TextWriter _output;
    private readonly Func<int> _columns;

    public BoxedTableWriter(TextWriter output, Func<int> columns)
    {
        _output = output;
        _columns = columns;
    }

    public void Begin(IReadOnlyList<string> columns) => _rows.Begin(columns);

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
        if (_rows.Pending.Count > 0 || _rows.Total == 0)
        {
            WritePending();
        }

        _output.WriteLine(_rows.CountText());
    }

    public void Note(string message) => _output.WriteLine(message);

    private void WritePending()
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < _rows.Columns.Count; i++)
        {
            var column = new TableColumn(new Markup($"[bold]{Markup.Escape(_rows.Columns[i])}[/]"));
            table.AddColumn(_rows.IsNumeric(i) ? column.RightAligned() : column);
        }

        foreach (var row in _rows.Pending)
        {
            table.AddRow(row.Select(static cell => new Markup(cell.IsNull ? "[grey]NULL[/]" : Markup.Escape(cell.Text))));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        console.Profile.Width = _columns();
        console.Write(table);
        _rows.Clear();
    }
}
