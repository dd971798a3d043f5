using System.CommandLine;
using LsmTree.Cli.Results;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;
using LsmTree.Storage;

namespace LsmTree.Cli.Commands;

/// <summary>What an operator does with a store as a whole: verify, compact, checkpoint, stats, levels. They need no table and no SQL.</summary>
internal static class StoreCommands
{
    public static IEnumerable<Command> Create(Terminal terminal) =>
    [
        Verify(terminal),
        Compact(terminal),
        Checkpoint(terminal),
        Report(terminal, "stats", "Show the counters and gauges of the engine.", StoreReport.WriteStatistics),
        Report(terminal, "levels", "Show the levels of the tree.", StoreReport.WriteLevels),
    ];

    private static Command Verify(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var command = new Command("verify", "Read every byte of every live table and check it. Exits with 1 when something is damaged.") { directory };
        command.SetAction(parsed => With(terminal, parsed.GetRequiredValue(directory), OpenMode.ReadOnly, store =>
        {
            VerificationReport? report = null;
            terminal.Cancel.Run(cancellation => report = store.Verify(cancellation));
            StoreReport.WriteVerification(report!, ResultWriters.Create(OutputFormat.Table, terminal));
            return report!.IsSound ? ErrorReport.Success : ErrorReport.Failure;
        }));
        return command;
    }

    private static Command Compact(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var command = new Command("compact", "Merge everything down to the last level, dropping what is obsolete.") { directory };
        command.SetAction(parsed => With(terminal, parsed.GetRequiredValue(directory), OpenMode.ReadWrite, store =>
        {
            terminal.Cancel.Run(cancellation => store.Compact(cancellationToken: cancellation));
            StoreReport.WriteLevels(store, ResultWriters.Create(OutputFormat.Table, terminal));
            return ErrorReport.Success;
        }));
        return command;
    }

    private static Command Checkpoint(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var target = new Argument<string>("target") { Description = "The directory of the copy; it must not exist." };
        var command = new Command("checkpoint", "Write a consistent copy of the store, by hard links where the file system has them.") { directory, target };
        command.SetAction(parsed => With(terminal, parsed.GetRequiredValue(directory), OpenMode.ReadWrite, store =>
        {
            store.CheckpointTo(parsed.GetRequiredValue(target));
            terminal.Out.WriteLine("ok");
            return ErrorReport.Success;
        }));
        return command;
    }

    private static Command Report(Terminal terminal, string name, string description, Action<LsmStore, IResultWriter> write)
    {
        var directory = Arguments.Directory();
        var format = Arguments.Format();
        var command = new Command(name, description) { directory, format };
        command.SetAction(parsed => With(terminal, parsed.GetRequiredValue(directory), OpenMode.ReadOnly, store =>
        {
            write(store, ResultWriters.Create(parsed.GetValue(format), terminal));
            return ErrorReport.Success;
        }));
        return command;
    }

    private static int With(Terminal terminal, string directory, OpenMode mode, Func<LsmStore, int> work) => ErrorReport.Guard(terminal, () =>
    {
        using var store = LsmStore.Open(directory, new LsmStoreOptions { Mode = mode });
        return work(store);
    });
}
