namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class SeekCursorToEnds : Operation
{
    public override int Weight => 800;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        var first = dice.Once(2);
        if (which < run.Cursors.Count)
        {
            var open = run.Cursors[which];
            _ = first ? open.Cursor.SeekToFirst() : open.Cursor.SeekToLast();
            open.At = first ? open.State.FirstFrom(open.Low, open.High) : open.State.LastFrom(open.High - 1, open.Low);
            Scans.At(run, open.Cursor, open.At, open.State);
        }
    }
}
