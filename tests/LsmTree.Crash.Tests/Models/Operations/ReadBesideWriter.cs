using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Opens the store a second time, read-only, beside the writer.</summary>
internal sealed class ReadBesideWriter : Operation
{
    public override int Weight => 5;

    public override void Run(ModelRun run, ref Dice dice)
    {
        if (!run.KeepsLog)
        {
            run.Store.Flush();
        }

        using var reader = LsmStore.OpenOn(run.Files, run.Directory, null, run.Options with { Mode = OpenMode.ReadOnly });
        using var cursor = reader.CreateCursor();
        Scans.Whole(run, cursor, run.State);
    }
}
