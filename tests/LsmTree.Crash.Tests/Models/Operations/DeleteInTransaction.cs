namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class DeleteInTransaction : Operation
{
    public override int Weight => 500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        var key = ModelKeys.Draw(ref dice);
        if (which < run.Transactions.Count)
        {
            run.Transactions[which].Transaction.Delete(ModelKeys.Of(key));
            run.Transactions[which].Delete(key);
        }
    }
}
