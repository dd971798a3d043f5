using LsmTree.Cli.Results;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;
using LsmTree.Cli.Texts;
using LsmTree.Data;
using LsmTree.Storage;

namespace LsmTree.Cli.Shells;

/// <summary>Reads statements and dot commands, and runs them: from a keyboard until the end of input, from a pipe until the first error.</summary>
internal sealed class Shell
{
    private const string Prompt = "lsmtree> ";
    private const string Continuation = "    ...> ";

    private static readonly (string Usage, string Meaning)[] s_help =
    [
        (".get KEY", "show the value of a key of the table kv"),
        (".put KEY VALUE", "store a value under a key, whatever it was before"),
        (".delete KEY", "remove a key"),
        (".scan [FROM [TO]] [LIMIT]", "list keys from FROM up to but without TO; 100 unless told"),
        (".tables", "list the tables"),
        (".schema [TABLE]", "list the columns of one table, or of all"),
        (".stats", "show the counters of the engine"),
        (".levels", "show the levels of the tree"),
        (".compact", "merge everything down to the last level"),
        (".checkpoint DIRECTORY", "write a consistent copy of the store"),
        (".verify", "read every byte of every live file and check it"),
        (".help", "show this list"),
        (".quit", "leave; so does Ctrl-D"),
    ];

    private readonly LsmConnection _connection;
    private readonly Terminal _terminal;
    private readonly ILineSource _lines;
    private readonly IResultWriter _writer;
    private readonly StatementRunner _statements;
    private readonly StatementSplitter _splitter = new();
    private KeyCommands? _keys;
    private string? _dot;
    private bool _isOver;

    public Shell(LsmConnection connection, Terminal terminal, ILineSource lines, IResultWriter writer)
    {
        _connection = connection;
        _terminal = terminal;
        _lines = lines;
        _writer = writer;
        _statements = new StatementRunner(connection, terminal, writer) { Timing = lines.IsInteractive };
    }

    /// <summary>Runs until the end; returns the exit status.</summary>
    public int Run()
    {
        if (_lines.IsInteractive)
        {
            _terminal.Out.WriteLine($"LsmTree {_connection.ServerVersion}. A statement ends with ';'. Type .help for the commands, .quit to leave.");
        }

        while (!_isOver)
        {
            switch (_lines.Read(_splitter.HasPending ? Continuation : Prompt, out var line))
            {
                case LineEnd.EndOfInput:
                    _isOver = true;
                    _splitter.Finish();
                    break;
                case LineEnd.Abandoned:
                    _splitter.Clear();
                    continue;
                case LineEnd.Entered:
                    Take(line);
                    break;
            }

            var status = RunComplete();
            if (status != ErrorReport.Success && !_lines.IsInteractive)
            {
                return status;
            }
        }

        return ErrorReport.Success;
    }

    private void Take(string line)
    {
        if (!_splitter.HasPending && DotCommand.IsDotCommand(line))
        {
            _dot = line;
            _splitter.PassLine();
        }
        else if (_lines.IsInteractive && line.Length == 0 && _splitter.HasPending)
        {
            _splitter.Finish(); // An empty line ends a statement, for those who forget the semicolon.
        }
        else
        {
            _splitter.AddLine(line);
        }
    }

    private int RunComplete()
    {
        if (_dot is { } dot)
        {
            _dot = null;
            return ErrorReport.Guard(_terminal, () =>
            {
                Run(DotCommand.Parse(dot));
                return ErrorReport.Success;
            });
        }

        while (_splitter.TryTake(out var statement))
        {
            var status = ErrorReport.Guard(_terminal, () =>
            {
                _statements.Run(statement.Text);
                return ErrorReport.Success;
            });
            if (status != ErrorReport.Success)
            {
                if (statement.Line > 1 && !_lines.IsInteractive)
                {
                    _terminal.Error.WriteLine($"  in the statement that begins on line {statement.Line} of the input");
                }

                if (_lines.IsInteractive)
                {
                    _splitter.Clear();
                }

                return status;
            }
        }

        if (_lines.IsInteractive && !_splitter.HasPending)
        {
            _splitter.Clear(); // Lines are counted from the statement that is typed.
        }

        return ErrorReport.Success;
    }

    private void Run(DotCommand command)
    {
        switch (command.Name)
        {
            case "get":
                Keys().Get(command);
                break;
            case "put":
                Keys().Put(command);
                break;
            case "delete":
                Keys().Delete(command);
                break;
            case "scan":
                Keys().Scan(command);
                break;
            case "tables":
                _statements.Run("SHOW TABLES");
                break;
            case "schema":
                ShowSchema(command);
                break;
            case "stats":
                StoreReport.WriteStatistics(_connection.Store, _writer);
                break;
            case "levels":
                StoreReport.WriteLevels(_connection.Store, _writer);
                break;
            case "compact":
                _terminal.Cancel.Run(token => _connection.Store.Compact(cancellationToken: token));
                _writer.Note("ok");
                break;
            case "checkpoint":
                command.Expect(1, 1, ".checkpoint DIRECTORY");
                _connection.Store.CheckpointTo(command.Arguments[0]);
                _writer.Note("ok");
                break;
            case "verify":
                VerificationReport? report = null;
                _terminal.Cancel.Run(token => report = _connection.Store.Verify(token));
                StoreReport.WriteVerification(report!, _writer);
                break;
            case "help":
                ShowHelp();
                break;
            case "quit" or "exit":
                _isOver = true;
                break;
            default:
                throw new ArgumentException($"There is no command .{command.Name}; .help lists those that there are.");
        }
    }

    private KeyCommands Keys() => _keys ??= new KeyCommands(_connection, _statements, _writer);

    private void ShowSchema(DotCommand command)
    {
        command.Expect(0, 1, ".schema [TABLE]");
        if (command.Arguments.Count == 1)
        {
            _statements.Run($"SHOW COLUMNS FROM {SqlText.Quote(command.Arguments[0])}");
            return;
        }

        var tables = new List<string>();
        using (var show = _connection.CreateCommand())
        {
            show.CommandText = "SHOW TABLES";
            using var reader = show.ExecuteReader();
            while (reader.Read())
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            _writer.Note(table);
            _statements.Run($"SHOW COLUMNS FROM {SqlText.Quote(table)}");
        }
    }

    private void ShowHelp()
    {
        foreach (var (usage, meaning) in s_help)
        {
            _writer.Note($"{usage,-28}{meaning}");
        }
    }
}
