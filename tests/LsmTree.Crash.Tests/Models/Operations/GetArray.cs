namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class GetArray : Operation
{
    public override int Weight => 2000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var found = run.Store.TryGet(ModelKeys.Of(key), out byte[]? value);
        run.CheckValue(key, run.State[key], found, value);
    }
}
