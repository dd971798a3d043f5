using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models;

/// <summary>Walks of cursors, compared entry by entry.</summary>
internal static class Scans
{
    /// <summary>Everything, forward and backward.</summary>
    public static void Everything(ModelRun run, Snapshot? snapshot, ModelState state)
    {
        using var cursor = run.Store.CreateCursor(snapshot is null ? null : new CursorOptions { Snapshot = snapshot });
        Whole(run, cursor, state);
    }

    public static void Whole(ModelRun run, StoreCursor cursor, ModelState state)
    {
        var expected = state.FirstFrom(0, ModelKeys.Count);
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            At(run, cursor, expected, state);
            expected = state.FirstFrom(expected + 1, ModelKeys.Count);
        }

        run.Check(expected < 0, $"a scan ends before key {expected}");
        expected = state.LastFrom(ModelKeys.Count - 1, 0);
        for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
        {
            At(run, cursor, expected, state);
            expected = state.LastFrom(expected - 1, 0);
        }

        run.Check(expected < 0, $"a scan backward ends before key {expected}");
    }

    /// <summary>The cursor should be at this key, or at none when it is -1.</summary>
    public static void At(ModelRun run, StoreCursor cursor, int expected, ModelState state)
    {
        run.See(cursor.IsValid ? cursor.Key : []);
        if (expected < 0 || !cursor.IsValid)
        {
            run.Check(expected < 0 && !cursor.IsValid, expected < 0 ? $"the cursor is at key {(cursor.IsValid ? ModelKeys.IndexOf(cursor.Key) : -1)} and should be at its end" : $"the cursor is at its end and should be at key {expected}");
            return;
        }

        if (!cursor.Key.SequenceEqual(ModelKeys.Of(expected)))
        {
            throw new ModelException($"the cursor is at key {ModelKeys.IndexOf(cursor.Key)} and should be at {expected}");
        }

        run.CheckValue(expected, state[expected], true, cursor.Value);
    }
}
