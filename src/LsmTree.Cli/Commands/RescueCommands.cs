using System.CommandLine;
using LsmTree.Cli.Results;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;
using LsmTree.Storage;

namespace LsmTree.Cli.Commands;

/// <summary>What an operator does against and after damage: backup, backups, restore, repair.</summary>
internal static class RescueCommands
{
    public static IEnumerable<Command> Create(Terminal terminal) => [Backup(terminal), Backups(terminal), Restore(terminal), Repair(terminal)];

    private static Command Backup(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var backups = BackupDirectory();
        var keep = new Option<int?>("--keep") { Description = "Delete all backups but the newest so many, after this one was made." };
        keep.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--keep needs a number from 1.");
            }
        });
        var command = new Command("backup", "Make a backup of the store in a backup directory. Backups share the files that have not changed between them.") { directory, backups, keep };
        command.SetAction(parsed => ErrorReport.Guard(terminal, () =>
        {
            var target = parsed.GetRequiredValue(backups);
            using var store = LsmStore.Open(parsed.GetRequiredValue(directory), new LsmStoreOptions { Mode = OpenMode.ReadWrite });
            BackupInfo? made = null;
            terminal.Cancel.Run(cancellation => made = StoreBackup.Create(store, target, cancellation));
            terminal.Out.WriteLine(FormattableString.Invariant($"backup {made!.Id}: {made.Tables:N0} tables, {made.Bytes:N0} bytes, of which {made.CopiedBytes:N0} were copied"));
            if (parsed.GetValue(keep) is { } count)
            {
                foreach (var id in StoreBackup.KeepNewest(target, count))
                {
                    terminal.Out.WriteLine(FormattableString.Invariant($"backup {id}: deleted"));
                }
            }

            return ErrorReport.Success;
        }));
        return command;
    }

    private static Command Backups(Terminal terminal)
    {
        var backups = BackupDirectory();
        var verify = new Option<bool>("--verify") { Description = "Read every byte of every backup and check it, instead of listing them." };
        var format = Arguments.Format();
        var command = new Command("backups", "List the backups of a backup directory, or check them. Exits with 1 when one is damaged.") { backups, verify, format };
        command.SetAction(parsed => ErrorReport.Guard(terminal, () =>
        {
            var directory = parsed.GetRequiredValue(backups);
            var writer = ResultWriters.Create(parsed.GetValue(format), terminal);
            if (!parsed.GetValue(verify))
            {
                var list = StoreBackup.List(directory);
                RescueReport.WriteBackups(list, writer);
                return list.All(static backup => backup.Damage is null) ? ErrorReport.Success : ErrorReport.Failure;
            }

            VerificationReport? report = null;
            terminal.Cancel.Run(cancellation => report = StoreBackup.Verify(directory, null, cancellation));
            StoreReport.WriteVerification(report!, writer);
            return report!.IsSound ? ErrorReport.Success : ErrorReport.Failure;
        }));
        return command;
    }

    private static Command Restore(Terminal terminal)
    {
        var backups = BackupDirectory();
        var target = Target();
        var id = new Option<long?>("--id") { Description = "The number of the backup. Default: the newest." };
        var command = new Command("restore", "Make a store of a backup, checking every byte on the way.") { backups, target, id };
        command.SetAction(parsed => ErrorReport.Guard(terminal, () =>
        {
            BackupInfo? restored = null;
            terminal.Cancel.Run(cancellation => restored = StoreBackup.Restore(parsed.GetRequiredValue(backups), parsed.GetRequiredValue(target), parsed.GetValue(id), cancellation));
            terminal.Out.WriteLine(FormattableString.Invariant($"restored backup {restored!.Id} of {restored.CreatedAt:yyyy-MM-dd HH:mm:ss}Z: {restored.Tables:N0} tables, {restored.Bytes:N0} bytes"));
            return ErrorReport.Success;
        }));
        return command;
    }

    private static Command Repair(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var target = Target();
        var format = Arguments.Format();
        var command = new Command("repair", "Make a new store of whatever can be read of a damaged one, which stays as it is. Exits with 1 when something is lost.") { directory, target, format };
        command.SetAction(parsed => ErrorReport.Guard(terminal, () =>
        {
            RepairReport? report = null;
            terminal.Cancel.Run(cancellation => report = StoreRepair.Run(parsed.GetRequiredValue(directory), parsed.GetRequiredValue(target), null, cancellation));
            RescueReport.WriteRepair(report!, ResultWriters.Create(parsed.GetValue(format), terminal));
            return report!.IsComplete ? ErrorReport.Success : ErrorReport.Failure;
        }));
        return command;
    }

    private static Argument<string> BackupDirectory() => new("backups") { Description = "The backup directory." };

    private static Argument<string> Target() => new("target") { Description = "The directory of the new store; it must be absent or empty." };
}
