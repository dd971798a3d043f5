namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class RollBackToSavepoint : Operation
{
    public override int Weight => 150;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        var savepoint = dice.Below(4);
        if (which < run.Transactions.Count && savepoint < run.Transactions[which].Savepoints)
        {
            run.Transactions[which].RollbackTo(savepoint);
        }
    }
}
