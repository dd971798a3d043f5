namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A value with a time to live that no run sees the end of.</summary>
internal sealed class PutThatLives : Operation
{
    private static readonly DateTimeOffset s_later = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override int Weight => 600;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number), s_later);
        run.NotePut(key, number);
    }
}
