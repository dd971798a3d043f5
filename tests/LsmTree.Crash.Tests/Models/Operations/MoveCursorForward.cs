namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class MoveCursorForward : Operation
{
    public override int Weight => 3500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        var steps = 1 + dice.Below(4);
        if (which < run.Cursors.Count)
        {
            var open = run.Cursors[which];
            for (; steps > 0 && open.At >= 0; steps--)
            {
                open.Cursor.Next();
                open.At = open.State.FirstFrom(open.At + 1, open.High);
                Scans.At(run, open.Cursor, open.At, open.State);
            }
        }
    }
}
