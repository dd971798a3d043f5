namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Any two keys; half of the ranges are upside down and delete nothing.</summary>
internal sealed class DeleteWideRange : Operation
{
    public override int Weight => 30;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var (from, to) = (dice.Below(ModelKeys.Count), dice.Below(ModelKeys.Count));
        run.Store.DeleteRange(ModelKeys.Of(from), ModelKeys.Of(to));
        run.NoteDeleteRange(from, to);
    }
}
