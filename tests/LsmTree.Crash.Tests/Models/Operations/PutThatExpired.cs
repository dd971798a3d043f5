namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>A value whose time is over when it is written: it hides what was there, and is not there itself.</summary>
internal sealed class PutThatExpired : Operation
{
    private static readonly DateTimeOffset s_earlier = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override int Weight => 300;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var number = run.NewNumber(ref dice);
        run.Store.Put(ModelKeys.Of(key), run.Bytes(number), s_earlier);
        run.NoteDelete(key);
    }
}
