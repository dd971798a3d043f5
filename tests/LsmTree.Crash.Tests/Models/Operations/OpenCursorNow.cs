using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A cursor over now or over a snapshot, with bounds or without, that stays open while the store changes.</summary>
internal sealed class OpenCursorNow : Operation
{
    public override int Weight => 300;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var low = dice.Once(2) ? 0 : dice.Below(ModelKeys.Count);
        var high = dice.Once(2) ? ModelKeys.Count : dice.Below(ModelKeys.Count);
        var which = dice.Below(8);
        var (snapshot, state) = which < run.Snapshots.Count ? run.Snapshots[which] : (null, run.State);
        var cursor = run.Store.CreateCursor(new CursorOptions
        {
            LowerBound = low == 0 ? null : ModelKeys.Of(low),
            UpperBound = high == ModelKeys.Count ? null : ModelKeys.Of(high),
            Snapshot = snapshot,
            FillCache = dice.Once(2),
        });
        run.Cursors.Add(new OpenCursor(cursor, state.Copy(), low, high));
        if (run.Cursors.Count > 4)
        {
            run.Cursors[0].Cursor.Dispose();
            run.Cursors.RemoveAt(0);
        }
    }
}
