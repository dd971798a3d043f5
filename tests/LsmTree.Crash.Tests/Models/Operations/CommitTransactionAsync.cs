namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class CommitTransactionAsync : Operation
{
    public override int Weight => 60;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        if (which < run.Transactions.Count)
        {
            Commits.Commit(run, which, static transaction => transaction.CommitAsync().AsTask().GetAwaiter().GetResult());
        }
    }
}
