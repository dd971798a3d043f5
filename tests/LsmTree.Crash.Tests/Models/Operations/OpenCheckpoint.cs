using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class OpenCheckpoint : Operation
{
    public override int Weight => 5;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var directory = run.NewDirectory();
        run.Store.CheckpointTo(directory);
        using var copy = LsmStore.OpenOn(run.Files, directory, null, run.Options with { Background = BackgroundMode.Manual });
        using (var cursor = copy.CreateCursor())
        {
            Scans.Whole(run, cursor, run.State);
        }

        copy.Put("only in the copy"u8, "x"u8);
        run.Check(!run.Store.Contains("only in the copy"u8), "a write to a checkpoint shows in the store that it was made of");
    }
}
