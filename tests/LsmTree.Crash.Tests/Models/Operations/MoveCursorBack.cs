namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class MoveCursorBack : Operation
{
    public override int Weight => 3000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        var steps = 1 + dice.Below(4);
        if (which < run.Cursors.Count)
        {
            var open = run.Cursors[which];
            for (; steps > 0 && open.At >= 0; steps--)
            {
                open.Cursor.Prev();
                open.At = open.State.LastFrom(open.At - 1, open.Low);
                Scans.At(run, open.Cursor, open.At, open.State);
            }
        }
    }
}
