using System.CommandLine;
using LsmTree.Cli.Results;
using LsmTree.Cli.Shells;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;

namespace LsmTree.Cli.Commands;

/// <summary><c>lsmtree DIRECTORY [SQL]</c>: runs the statements of an argument, of a pipe, or of a person at a prompt.</summary>
internal static class SqlCommand
{
    public static RootCommand Create(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var sql = new Argument<string?>("sql")
        {
            Description = "Statements to run, separated by ';'. Without them, statements and dot commands are read from the input; .help lists the latter.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var format = Arguments.Format();
        var synchronous = Arguments.Synchronous();
        var readOnly = new Option<bool>("--read-only") { Description = "Open the store without changing a byte of it." };
        var root = new RootCommand("An ordered, crash-safe store in a directory, with a tiny SQL.") { directory, sql, format, synchronous, readOnly };
        root.SetAction(parsed =>
        {
            var settings = new DatabaseSettings(parsed.GetRequiredValue(directory), parsed.GetValue(readOnly) ? "ReadOnly" : "ReadWriteCreate", parsed.GetValue(synchronous));
            return Run(terminal, settings, parsed.GetValue(sql), parsed.GetValue(format));
        });
        return root;
    }

    private static int Run(Terminal terminal, DatabaseSettings settings, string? sql, OutputFormat format) => ErrorReport.Guard(terminal, () =>
    {
        using var connection = settings.Open();
        var writer = ResultWriters.Create(format, terminal);
        if (sql is not null)
        {
            using var text = new StringReader(sql);
            return new Shell(connection, terminal, new RedirectedLines(text), writer).Run();
        }

        if (terminal.ReadKey is not { } readKey)
        {
            return new Shell(connection, terminal, new RedirectedLines(terminal.In), writer).Run();
        }

        var history = History.Load(terminal.HistoryFile);
        var status = new Shell(connection, terminal, new LineEditor(readKey, terminal.Out, terminal.Columns, history), writer).Run();
        history.Save();
        return status;
    });
}
