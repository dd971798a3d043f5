namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A bulk load that is disposed of before its end leaves no trace.</summary>
internal sealed class GiveUpALoad : Operation
{
    public override int Weight => 3;

    public override void Run(ModelRun run, ref Dice dice)
    {
        using var load = run.Store.BeginBulkLoad();
        var first = dice.Below(ModelKeys.Count);
        for (var key = first; key < Math.Min(ModelKeys.Count, first + 40); key++)
        {
            load.Add(ModelKeys.Of(key), run.Bytes(run.NewNumber(ref dice)));
        }

        run.See(load.Count);
    }
}
