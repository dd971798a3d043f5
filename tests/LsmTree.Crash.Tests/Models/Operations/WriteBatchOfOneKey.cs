using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>One key again and again in one batch: the last edit wins.</summary>
internal sealed class WriteBatchOfOneKey : Operation
{
    public override int Weight => 300;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var batch = new WriteBatch();
        for (var i = 2 + dice.Below(5); i > 0; i--)
        {
            if (dice.Once(3))
            {
                batch.Delete(ModelKeys.Of(key));
                run.NoteDelete(key);
            }
            else
            {
                var number = run.NewNumber(ref dice);
                batch.Put(ModelKeys.Of(key), run.Bytes(number));
                run.NotePut(key, number);
            }
        }

        run.Store.Write(batch);
    }
}
