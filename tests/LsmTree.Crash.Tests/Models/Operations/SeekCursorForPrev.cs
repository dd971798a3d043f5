namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class SeekCursorForPrev : Operation
{
    public override int Weight => 1000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        var key = dice.Below(ModelKeys.Count);
        if (which < run.Cursors.Count)
        {
            var open = run.Cursors[which];
            open.Cursor.SeekForPrev(ModelKeys.Of(key));
            open.At = open.State.LastFrom(Math.Min(key, open.High - 1), open.Low);
            Scans.At(run, open.Cursor, open.At, open.State);
        }
    }
}
