namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class ScanAFew : Operation
{
    public override int Weight => 500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = dice.Below(ModelKeys.Count);
        using var cursor = run.Store.CreateCursor();
        cursor.Seek(ModelKeys.Of(key));
        var expected = run.State.FirstFrom(key, ModelKeys.Count);
        for (var i = 0; i < 6; i++)
        {
            Scans.At(run, cursor, expected, run.State);
            if (expected < 0)
            {
                break;
            }

            cursor.Next();
            expected = run.State.FirstFrom(expected + 1, ModelKeys.Count);
        }
    }
}
