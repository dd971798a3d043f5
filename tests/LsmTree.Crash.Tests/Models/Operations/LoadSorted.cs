namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A bulk load, while others write: nothing of it is seen before, all of it after, and it is the newest.</summary>
internal sealed class LoadSorted : Operation
{
    public override int Weight => 8;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var count = 1 + dice.Below(80);
        var step = 1 + dice.Below(4);
        var first = dice.Below(ModelKeys.Count);
        var writesBetween = dice.Below(3);
        using var load = run.Store.BeginBulkLoad();
        var loaded = new List<(int Key, long Number)>();
        for (var key = first; key < ModelKeys.Count && loaded.Count < count; key += step)
        {
            var number = run.NewNumber(ref dice);
            load.Add(ModelKeys.Of(key), run.Bytes(number));
            loaded.Add((key, number));
        }

        for (; writesBetween > 0; writesBetween--)
        {
            var key = Math.Min(ModelKeys.Count - 1, first + dice.Below(20));
            var number = run.NewNumber(ref dice);
            run.Store.Put(ModelKeys.Of(key), run.Bytes(number));
            run.NotePut(key, number);
        }

        Scans.Everything(run, null, run.State);
        load.Complete();
        loaded.ForEach(entry => run.NotePut(entry.Key, entry.Number));
        Scans.Everything(run, null, run.State);
    }
}
