namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class DeleteNarrowRange : Operation
{
    public override int Weight => 260;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var from = dice.Below(ModelKeys.Count);
        var to = Math.Min(ModelKeys.Count - 1, from + dice.Below(8));
        run.Store.DeleteRange(ModelKeys.Of(from), ModelKeys.Of(to));
        run.NoteDeleteRange(from, to);
    }
}
