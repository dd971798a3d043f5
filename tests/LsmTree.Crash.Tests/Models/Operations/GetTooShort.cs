namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Asks with no room for the value: its length is told, and nothing is copied.</summary>
internal sealed class GetTooShort : Operation
{
    public override int Weight => 1000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        run.Scratch[0] = 0xA5;
        var found = run.Store.TryGet(ModelKeys.Of(key), run.Scratch[..0], out var length);
        run.Check(found == (run.State[key] != 0), $"key {key} is {(found ? "there" : "not there")}");
        run.Check(length == (found ? ModelValues.LengthOf(run.State[key]) : 0), $"key {key} has {length} bytes");
        run.Check(run.Scratch[0] == 0xA5, "a destination that is too short was written to");
    }
}
