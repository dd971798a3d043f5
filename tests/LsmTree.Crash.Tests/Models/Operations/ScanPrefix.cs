using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>All keys that begin so, both ways.</summary>
internal sealed class ScanPrefix : Operation
{
    public override int Weight => 40;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Of(dice.Below(ModelKeys.Count));
        var prefix = key[..dice.Below(Math.Min(key.Length, 4) + 1)];
        using var cursor = run.Store.CreateCursor(new CursorOptions { Prefix = prefix });
        var expected = Enumerable.Range(0, ModelKeys.Count).Where(index => run.State[index] != 0 && ModelKeys.Of(index).AsSpan().StartsWith(prefix)).ToList();
        var at = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            Scans.At(run, cursor, at < expected.Count ? expected[at++] : -1, run.State);
        }

        run.Check(at == expected.Count, $"a scan of a prefix ends after {at} of {expected.Count} keys");
        for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
        {
            Scans.At(run, cursor, at > 0 ? expected[--at] : -1, run.State);
        }

        run.Check(at == 0, $"a scan of a prefix backward misses {at} keys");
    }
}
