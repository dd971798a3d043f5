namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A value larger than the memtable.</summary>
internal sealed class PutHuge : Operation
{
    public override int Weight => 4;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = ModelValues.MakeHuge(run.NewSerial());
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number));
        run.NotePut(key, number);
    }
}
