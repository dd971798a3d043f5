namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class ScanSnapshot : Operation
{
    public override int Weight => 20;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        if (which < run.Snapshots.Count)
        {
            Scans.Everything(run, run.Snapshots[which].Snapshot, run.Snapshots[which].State);
        }
    }
}
