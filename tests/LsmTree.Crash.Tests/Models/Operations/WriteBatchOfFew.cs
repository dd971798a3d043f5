using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class WriteBatchOfFew : Operation
{
    public override int Weight => 900;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var batch = new WriteBatch();
        Batches.Fill(run, batch, 1 + dice.Below(8), ref dice);
        run.Store.Write(batch);
    }
}
