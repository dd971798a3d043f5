namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class DropSnapshot : Operation
{
    public override int Weight => 120;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        if (which < run.Snapshots.Count)
        {
            run.Snapshots[which].Snapshot.Dispose();
            run.Snapshots.RemoveAt(which);
        }
    }
}
