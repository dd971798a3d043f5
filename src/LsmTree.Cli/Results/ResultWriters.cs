using LsmTree.Cli.Terminals;

namespace LsmTree.Cli.Results;

/// <summary>Chooses the writer once for each command, not for each row.</summary>
internal static class ResultWriters
{
    public static IResultWriter Create(OutputFormat format, Terminal terminal) => format switch
    {
        OutputFormat.Table when terminal.ShowsResults => new BoxedTableWriter(terminal.Out, terminal.Columns),
        OutputFormat.Table => new AlignedTableWriter(terminal.Out),
        OutputFormat.Tsv => new TsvResultWriter(terminal.Out),
        OutputFormat.Csv => new CsvResultWriter(terminal.Out),
        OutputFormat.Json => new JsonResultWriter(terminal.Out),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "An output format without a writer."),
    };
}
