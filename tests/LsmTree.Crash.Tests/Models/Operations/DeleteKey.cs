namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class DeleteKey : Operation
{
    public override int Weight => 5000;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        run.Store.Delete(ModelKeys.Of(key));
        run.NoteDelete(key);
    }
}
