namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class GetColdKey : Operation
{
    public override int Weight => 7000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = dice.Below(ModelKeys.Count);
        var found = run.Store.TryGet(ModelKeys.Of(key), run.Scratch, out var length);
        run.CheckValue(key, run.State[key], found, run.Scratch[..length]);
    }
}
