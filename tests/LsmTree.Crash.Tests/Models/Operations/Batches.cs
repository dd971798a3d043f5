using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Batches of random edits.</summary>
internal static class Batches
{
    public static void Fill(ModelRun run, WriteBatch batch, int edits, ref Dice dice)
    {
        for (; edits > 0; edits--)
        {
            var key = ModelKeys.Draw(ref dice);
            switch (dice.Below(20))
            {
                case < 14:
                    var number = run.NewNumber(ref dice);
                    batch.Put(ModelKeys.Of(key), run.Bytes(number));
                    run.NotePut(key, number);
                    break;
                case < 19:
                    batch.Delete(ModelKeys.Of(key));
                    run.NoteDelete(key);
                    break;
                default:
                    var to = Math.Min(ModelKeys.Count - 1, key + dice.Below(12));
                    batch.DeleteRange(ModelKeys.Of(key), ModelKeys.Of(to));
                    run.NoteDeleteRange(key, to);
                    break;
            }
        }
    }
}
