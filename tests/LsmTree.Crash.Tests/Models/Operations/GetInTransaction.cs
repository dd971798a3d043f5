namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class GetInTransaction : Operation
{
    public override int Weight => 1500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(3);
        var key = ModelKeys.Draw(ref dice);
        if (which < run.Transactions.Count)
        {
            var open = run.Transactions[which];
            var found = open.Transaction.TryGet(ModelKeys.Of(key), run.Scratch, out var length);
            run.CheckValue(key, open.State[key], found, run.Scratch[..length]);
            open.Read(key);
        }
    }
}
