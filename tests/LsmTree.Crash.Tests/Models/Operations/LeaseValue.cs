namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A value where it lies, held over a write of its key.</summary>
internal sealed class LeaseValue : Operation
{
    public override int Weight => 400;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var before = run.State[key];
        var number = run.NewNumber(ref dice);
        var found = run.Store.TryLease(ModelKeys.Of(key), out var lease);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number));
        run.NotePut(key, number);
        run.CheckValue(key, before, found, found ? lease.Value : default);
        lease.Dispose();
    }
}
