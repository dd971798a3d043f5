namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class ScanInTransaction : Operation
{
    public override int Weight => 40;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        if (which < run.Transactions.Count)
        {
            var open = run.Transactions[which];
            using var cursor = open.Transaction.CreateCursor();
            Scans.Whole(run, cursor, open.State);
            open.ReadAll();
        }
    }
}
