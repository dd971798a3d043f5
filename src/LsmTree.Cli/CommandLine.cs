using System.CommandLine;
using LsmTree.Cli.Commands;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;

namespace LsmTree.Cli;

/// <summary>From arguments to an exit status: 0 done, 1 something failed and was told on the error stream, 2 the arguments make no sense.</summary>
internal static class CommandLine
{
    public static int Run(string[] args, Terminal terminal)
    {
        var root = SqlCommand.Create(terminal);
        root.Subcommands.Add(ImportCommand.Create(terminal));
        root.Subcommands.Add(ExportCommand.Create(terminal));
        foreach (var command in StoreCommands.Create(terminal).Concat(RescueCommands.Create(terminal)))
        {
            root.Subcommands.Add(command);
        }

        // An argument that begins with '@' is SQL or a name here, not a file of arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Error.WriteLine($"error: {error.Message}");
            }

            terminal.Error.WriteLine("Run 'lsmtree --help' for the commands and their options.");
            return ErrorReport.Usage;
        }

        var status = parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Ctrl-C is CancelSignal's business.
        });
        terminal.Out.Flush();
        return status;
    }
}
