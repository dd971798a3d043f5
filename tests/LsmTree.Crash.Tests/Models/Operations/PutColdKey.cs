namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class PutColdKey : Operation
{
    public override int Weight => 6000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = dice.Below(ModelKeys.Count);
        var number = run.NewNumber(ref dice);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number));
        run.NotePut(key, number);
    }
}
