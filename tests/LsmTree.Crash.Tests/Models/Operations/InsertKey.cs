namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class InsertKey : Operation
{
    public override int Weight => 3000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        var inserted = run.Store.TryInsert(ModelKeys.Of(key), run.Bytes(number));
        run.Check(inserted == (run.State[key] == 0), $"TryInsert of key {key} says {inserted}");
        if (inserted)
        {
            run.NotePut(key, number);
        }
    }
}
