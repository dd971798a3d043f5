using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A second writer is refused.</summary>
internal sealed class OpenTwice : Operation
{
    public override int Weight => 5;

    public override void Run(ModelRun run, ref Dice dice)
    {
        try
        {
            LsmStore.OpenOn(run.Files, run.Directory, null, run.Options).Dispose();
            run.Check(false, "the store was opened twice for writing");
        }
        catch (StoreLockedException)
        {
            run.See(1);
        }
    }
}
