namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class FlushStore : Operation
{
    public override int Weight => 25;

    public override void Run(ModelRun run, ref Dice dice)
    {
        run.Store.Flush();
    }
}
