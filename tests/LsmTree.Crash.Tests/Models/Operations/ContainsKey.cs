namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class ContainsKey : Operation
{
    public override int Weight => 4000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var found = run.Store.Contains(ModelKeys.Of(key));
        run.See(found ? key : -key);
        run.Check(found == (run.State[key] != 0), $"key {key} is {(found ? "there" : "not there")}");
    }
}
