using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A repair of a directory in which nothing is damaged, as a killed process leaves it, gives everything back.</summary>
internal sealed class RepairWhatAKillLeaves : Operation
{
    public override int Weight => 3;

    public override void Run(ModelRun run, ref Dice dice)
    {
        if (!run.KeepsLog)
        {
            run.Store.Flush();
        }

        const string target = "/repaired";
        var files = run.Files.Crash(keepsCache: true);
        var report = StoreRepair.RunOn(files, run.Directory, target, run.Options with { Background = BackgroundMode.Manual }, CancellationToken.None);
        run.Check(report.ManifestUsed, "the repair did not use the manifest");

        // Entries that have expired, and no compaction has met since, are written and counted; nobody sees them in the copy.
        run.Check(report.KeysWritten >= run.State.CountFrom(0, ModelKeys.Count) && report.KeysWritten <= ModelKeys.Count, $"the repair wrote {report.KeysWritten} keys");
        Copies.Check(run, files, target, run.State);
    }
}
