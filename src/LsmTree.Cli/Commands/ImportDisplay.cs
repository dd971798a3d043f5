using System.Globalization;
using LsmTree.Cli.Terminals;
using LsmTree.Cli.Transfers;
using Spectre.Console;

namespace LsmTree.Cli.Commands;

/// <summary>Shows how far an import is: one row of the screen that is redrawn, and a summary at the end. Files and pipes get the summary only.</summary>
internal sealed class ImportDisplay : IDisposable
{
    private const int BarWidth = 30;

    private static readonly TimeSpan s_redrawAfter = TimeSpan.FromMilliseconds(100);

    private readonly Terminal _terminal;
    private readonly string _name;
    private readonly long _started;
    private readonly IAnsiConsole? _console;
    private long _shown;

    private ImportDisplay(Terminal terminal, string name)
    {
        _terminal = terminal;
        _name = name;
        _started = terminal.Time.GetTimestamp();
        _console = terminal.ShowsProgress ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) }) : null;
    }

    public static ImportDisplay Start(Terminal terminal, string path) => new(terminal, Path.GetFileName(path));

    public void Show(ImportProgress progress)
    {
        if (_console is null || _terminal.Time.GetElapsedTime(_shown) < s_redrawAfter)
        {
            return;
        }

        _shown = _terminal.Time.GetTimestamp();
        var share = progress.BytesTotal > 0 ? (double)progress.BytesRead / progress.BytesTotal : 0;
        var full = (int)(share * BarWidth);
        _terminal.Error.Write('\r');
        _console.Markup(string.Create(CultureInfo.InvariantCulture,
            $"{Markup.Escape(_name)} [green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] {share,4:P0}  {progress.Rows:N0} rows  {Rate(progress.Rows):N0} rows/s "));
    }

    public void Finish(ImportProgress progress)
    {
        Erase();
        var elapsed = _terminal.Time.GetElapsedTime(_started);
        _terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{progress.Rows:N0} rows imported in {elapsed.TotalSeconds:N1} s ({Rate(progress.Rows):N0} rows/s), {progress.Rejected:N0} lines rejected"));
    }

    public void Dispose() => Erase();

    private void Erase()
    {
        if (_console is not null && _shown != 0)
        {
            _terminal.Error.Write("\r\u001b[K");
            _shown = 0;
        }
    }

    private double Rate(long rows) => rows / Math.Max(_terminal.Time.GetElapsedTime(_started).TotalSeconds, 0.001);
}
