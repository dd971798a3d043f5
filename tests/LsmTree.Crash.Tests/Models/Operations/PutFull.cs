using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A write that waits for an fsync, where there is a log.</summary>
internal sealed class PutFull : Operation
{
    public override int Weight => 600;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number), run.KeepsLog ? Durability.Full : null);
        run.NotePut(key, number);
    }
}
