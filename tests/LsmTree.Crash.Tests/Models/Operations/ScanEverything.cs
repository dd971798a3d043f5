namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class ScanEverything : Operation
{
    public override int Weight => 25;

    public override void Run(ModelRun run, ref Dice dice)
    {
        Scans.Everything(run, null, run.State);
    }
}
