using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>The power goes after a write that waited for the disk, and so covers all before it.</summary>
internal sealed class CutPower : Operation
{
    public override int Weight => 8;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number), run.KeepsLog ? Durability.Full : null);
        run.NotePut(key, number);
        if (!run.KeepsLog)
        {
            run.Store.Flush();
        }

        run.Reopen(run.Files.Crash(keepsCache: false));
    }
}
