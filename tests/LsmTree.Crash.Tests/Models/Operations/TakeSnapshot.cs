namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class TakeSnapshot : Operation
{
    public override int Weight => 250;

    public override void Run(ModelRun run, ref Dice dice)
    {
        run.Snapshots.Add((run.Store.CreateSnapshot(), run.State.Copy()));
        if (run.Snapshots.Count > 4)
        {
            run.Snapshots[0].Snapshot.Dispose();
            run.Snapshots.RemoveAt(0);
        }
    }
}
