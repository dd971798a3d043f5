namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class CloseCursor : Operation
{
    public override int Weight => 120;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        if (which < run.Cursors.Count)
        {
            run.Cursors[which].Cursor.Dispose();
            run.Cursors.RemoveAt(which);
        }
    }
}
