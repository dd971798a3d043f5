using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Many keys in one call, some twice, now or as of a snapshot.</summary>
internal sealed class GetMany : Operation
{
    public override int Weight => 150;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var keys = new int[1 + dice.Below(12)];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ModelKeys.Draw(ref dice);
        }

        var which = dice.Below(8);
        var (snapshot, state) = which < run.Snapshots.Count ? run.Snapshots[which] : (null, run.State);
        var values = new ValueSet();
        var found = run.Store.MultiGet([.. keys.Select(static key => (ReadOnlyMemory<byte>)ModelKeys.Of(key))], values, snapshot);
        run.Check(found == keys.Count(key => state[key] != 0), $"{found} of {keys.Length} keys are there");
        for (var i = 0; i < keys.Length; i++)
        {
            var isThere = values.TryGetValue(i, out var value);
            run.CheckValue(keys[i], state[keys[i]], isThere, value);
        }
    }
}
