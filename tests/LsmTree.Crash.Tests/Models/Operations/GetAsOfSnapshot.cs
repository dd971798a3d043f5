namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class GetAsOfSnapshot : Operation
{
    public override int Weight => 4000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var which = dice.Below(4);
        if (which < run.Snapshots.Count)
        {
            var (snapshot, state) = run.Snapshots[which];
            var found = run.Store.TryGet(ModelKeys.Of(key), run.Scratch, out var length, snapshot);
            run.CheckValue(key, state[key], found, run.Scratch[..length]);
        }
    }
}
