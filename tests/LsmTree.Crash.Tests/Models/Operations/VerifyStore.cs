namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class VerifyStore : Operation
{
    public override int Weight => 8;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var report = run.Store.Verify();
        run.Check(report.IsSound, $"verification finds {string.Join("; ", report.Problems)}");
    }
}
