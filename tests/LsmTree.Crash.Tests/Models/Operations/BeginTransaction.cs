using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class BeginTransaction : Operation
{
    public override int Weight => 250;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var isolation = dice.Once(2) ? TransactionIsolation.Snapshot : TransactionIsolation.Serializable;
        if (run.Transactions.Count < 3)
        {
            run.Transactions.Add(new OpenTransaction(run.Store.BeginTransaction(isolation), run.State.Copy(), run.Now));
        }
    }
}
