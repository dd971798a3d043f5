namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class SetSavepoint : Operation
{
    public override int Weight => 200;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        if (which < run.Transactions.Count)
        {
            run.Transactions[which].Save();
        }
    }
}
