using LsmTree.Storage.Backups;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Whatever the store did since, and whichever crash came between: a backup restores its own moment.</summary>
internal sealed class RestoreAnOldBackup : Operation
{
    public override int Weight => 3;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var draw = dice.Below(1 << 20);
        if (run.Backups.Count == 0)
        {
            return;
        }

        var (id, state) = run.Backups[draw % run.Backups.Count];
        var directory = run.NewDirectory();
        var backups = new BackupDirectory(run.Files, Copies.Backups, "model");
        backups.Restore(directory, id, CancellationToken.None);
        Copies.Check(run, run.Files, directory, state);
        var report = backups.Verify(null, CancellationToken.None);
        run.Check(report.IsSound, $"verification of the backups finds {string.Join("; ", report.Problems)}");
    }
}
