using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class WriteEmptyBatch : Operation
{
    public override int Weight => 100;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var before = run.Store.LastSequence;
        run.Store.Write(new WriteBatch());
        run.Check(run.Store.LastSequence == before, "an empty batch has moved the store's time");
    }
}
