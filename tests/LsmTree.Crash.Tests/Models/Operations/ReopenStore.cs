namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class ReopenStore : Operation
{
    public override int Weight => 8;

    public override void Run(ModelRun run, ref Dice dice)
    {
        run.Reopen(run.Files);
    }
}
