namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Deletes twice: the second finds nothing.</summary>
internal sealed class DeleteAbsent : Operation
{
    public override int Weight => 800;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = dice.Below(ModelKeys.Count);
        run.Store.Delete(ModelKeys.Of(key));
        run.Store.Delete(ModelKeys.Of(key));
        run.NoteDelete(key);
    }
}
