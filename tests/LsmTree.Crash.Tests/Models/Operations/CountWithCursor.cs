namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class CountWithCursor : Operation
{
    public override int Weight => 120;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var which = dice.Below(4);
        if (which < run.Cursors.Count)
        {
            var open = run.Cursors[which];
            var expected = open.At < 0 ? 0 : open.State.CountFrom(open.At, open.High);
            var counted = open.Cursor.CountRemaining();
            run.See(counted);
            run.Check(counted == expected, $"a cursor at key {open.At} counts {counted} entries to {open.High}, and there are {expected}");
            open.At = -1;
            Scans.At(run, open.Cursor, -1, open.State);
        }
    }
}
