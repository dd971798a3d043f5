namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>The process dies: what it wrote is in the page cache, or, without a log, in tables.</summary>
internal sealed class KillProcess : Operation
{
    public override int Weight => 8;

    public override void Run(ModelRun run, ref Dice dice)
    {
        if (!run.KeepsLog)
        {
            run.Store.Flush();
        }

        run.Reopen(run.Files.Crash(keepsCache: true));
    }
}
