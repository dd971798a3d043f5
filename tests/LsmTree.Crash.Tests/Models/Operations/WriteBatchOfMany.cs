using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class WriteBatchOfMany : Operation
{
    public override int Weight => 25;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var batch = new WriteBatch();
        Batches.Fill(run, batch, 100 + dice.Below(400), ref dice);
        run.Store.Write(batch);
    }
}
