namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class StepBackground : Operation
{
    public override int Weight => 250;

    public override void Run(ModelRun run, ref Dice dice)
    {
        for (var steps = 1 + dice.Below(3); steps > 0; steps--)
        {
            run.Store.RunBackgroundStep();
        }
    }
}
