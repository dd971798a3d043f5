namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A key that nobody ever wrote.</summary>
internal sealed class GetForeignKey : Operation
{
    public override int Weight => 1500;

    public override void Run(ModelRun run, ref Dice dice)
    {
        Span<byte> key = [.. "foreign "u8, (byte)dice.Below(256), (byte)dice.Below(256)];
        run.Check(!run.Store.TryGet(key, run.Scratch, out _), "a key that nobody wrote is there");
    }
}
