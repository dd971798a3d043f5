using LsmTree.Storage.Backups;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>One more backup beside the others, restored at once; sometimes the old ones go.</summary>
internal sealed class BackUpAndRestore : Operation
{
    private const int Kept = 2;

    public override int Weight => 4;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var thins = dice.Below(3) == 0;
        var backups = new BackupDirectory(run.Files, Copies.Backups, "model");
        using (var image = run.Store.TakeImage())
        {
            run.Backups.Add((backups.Create(image, run.Directory, DateTimeOffset.UnixEpoch, CancellationToken.None).Id, run.State.Copy()));
        }

        var directory = run.NewDirectory();
        var restored = backups.Restore(directory, null, CancellationToken.None);
        run.Check(restored.Id == run.Backups[^1].Id, $"backup {restored.Id} is the newest, and should be {run.Backups[^1].Id}");
        Copies.Check(run, run.Files, directory, run.State);
        if (thins && run.Backups.Count > Kept)
        {
            var deleted = backups.KeepNewest(Kept);
            run.Check(deleted.SequenceEqual(run.Backups.SkipLast(Kept).Select(static backup => backup.Id)), $"backups {string.Join(' ', deleted)} were deleted");
            run.Backups.RemoveRange(0, run.Backups.Count - Kept);
        }

        run.See(run.Backups.Count);
    }
}
