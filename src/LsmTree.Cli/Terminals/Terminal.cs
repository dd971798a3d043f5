namespace LsmTree.Cli.Terminals;

/// <summary>What the command reads from and writes to. The process has one over its console; a test has one over strings.</summary>
/// <param name="input">Where statements come from when none are given as an argument.</param>
/// <param name="output">Where results go.</param>
/// <param name="error">Where errors and progress go, so that results can be piped.</param>
internal sealed class Terminal(TextReader input, TextWriter output, TextWriter error)
{
    private const int DefaultColumns = 80;

    public TextReader In { get; } = input;

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>Reads one key without showing it; null when the input is not a keyboard.</summary>
    public Func<ConsoleKeyInfo>? ReadKey { get; init; }

    /// <summary>True when results are shown to a person: colour and box drawing are welcome.</summary>
    public bool ShowsResults { get; init; }

    /// <summary>True when progress is shown to a person.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Columns of the screen. Default: 80, as terminals have had since the VT05.</summary>
    public Func<int> Columns { get; init; } = static () => DefaultColumns;

    /// <summary>The clock that times statements.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the prompt's history is kept between runs; null keeps none.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>What Ctrl-C reaches.</summary>
    public CancelSignal Cancel { get; } = new();

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new(Console.In, Console.Out, Console.Error)
    {
        ReadKey = Console.IsInputRedirected ? null : ReadConsoleKey,
        ShowsResults = !Console.IsOutputRedirected,
        ShowsProgress = !Console.IsErrorRedirected,
        Columns = static () => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultColumns : Console.WindowWidth,
        HistoryFile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".lsmtree_history") : null,
    };

    /// <summary>Reads a key of the console. Ctrl-C is a key while a line is edited, and a signal while a statement runs.</summary>
    private static ConsoleKeyInfo ReadConsoleKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
