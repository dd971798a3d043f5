namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class CompactSomeKeys : Operation
{
    public override int Weight => 10;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var from = dice.Below(ModelKeys.Count);
        var to = Math.Min(ModelKeys.Count - 1, from + dice.Below(40));
        run.Store.Compact(ModelKeys.Of(from), ModelKeys.Of(to));
    }
}
