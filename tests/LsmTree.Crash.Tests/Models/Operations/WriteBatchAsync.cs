using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class WriteBatchAsync : Operation
{
    public override int Weight => 200;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var batch = new WriteBatch();
        Batches.Fill(run, batch, 1 + dice.Below(6), ref dice);
        run.Store.WriteAsync(batch).AsTask().GetAwaiter().GetResult();
    }
}
