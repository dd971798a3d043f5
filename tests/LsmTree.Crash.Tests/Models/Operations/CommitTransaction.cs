namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class CommitTransaction : Operation
{
    public override int Weight => 150;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        if (which < run.Transactions.Count)
        {
            Commits.Commit(run, which, static transaction => transaction.Commit());
        }
    }
}
