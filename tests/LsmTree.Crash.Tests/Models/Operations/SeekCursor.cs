namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class SeekCursor : Operation
{
    public override int Weight => 1500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        var key = dice.Below(ModelKeys.Count);
        if (which < run.Cursors.Count)
        {
            var open = run.Cursors[which];
            open.Cursor.Seek(ModelKeys.Of(key));
            open.At = open.State.FirstFrom(Math.Max(key, open.Low), open.High);
            Scans.At(run, open.Cursor, open.At, open.State);
        }
    }
}
