namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class CompactEverything : Operation
{
    public override int Weight => 4;

    public override void Run(ModelRun run, ref Dice dice)
    {
        run.Store.Compact();
    }
}
