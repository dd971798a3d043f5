namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class PutKey : Operation
{
    public override int Weight => 16000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number));
        run.NotePut(key, number);
    }
}
