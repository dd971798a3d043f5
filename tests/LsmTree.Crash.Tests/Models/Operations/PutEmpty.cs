namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>An empty value, often under the empty key.</summary>
internal sealed class PutEmpty : Operation
{
    public override int Weight => 500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = dice.Below(3) == 0 ? 0 : ModelKeys.Draw(ref dice);
        var number = ModelValues.MakeEmpty(run.NewSerial());
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number));
        run.NotePut(key, number);
    }
}
