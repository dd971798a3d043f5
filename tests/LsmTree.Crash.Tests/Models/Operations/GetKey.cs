namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class GetKey : Operation
{
    public override int Weight => 24000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var found = run.Store.TryGet(ModelKeys.Of(key), run.Scratch, out var length);
        run.CheckValue(key, run.State[key], found, run.Scratch[..length]);
    }
}
