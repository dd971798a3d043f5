namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class PutInTransaction : Operation
{
    public override int Weight => 1500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        if (which < run.Transactions.Count)
        {
            run.Transactions[which].Transaction.Put(ModelKeys.Of(key), run.Bytes(number));
            run.Transactions[which].Put(key, number);
        }
    }
}
