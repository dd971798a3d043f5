namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class RollBackTransaction : Operation
{
    public override int Weight => 40;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        if (which < run.Transactions.Count)
        {
            run.Transactions[which].Transaction.Rollback();
            run.Transactions.RemoveAt(which);
        }
    }
}
