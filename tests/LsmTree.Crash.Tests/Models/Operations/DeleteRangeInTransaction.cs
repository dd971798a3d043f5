namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class DeleteRangeInTransaction : Operation
{
    public override int Weight => 100;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        var from = dice.Below(ModelKeys.Count);
        var to = Math.Min(ModelKeys.Count - 1, from + dice.Below(30));
        if (which < run.Transactions.Count)
        {
            run.Transactions[which].Transaction.DeleteRange(ModelKeys.Of(from), ModelKeys.Of(to));
            run.Transactions[which].DeleteRange(from, to);
        }
    }
}
