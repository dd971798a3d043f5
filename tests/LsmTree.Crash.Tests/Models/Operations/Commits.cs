using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>The end of a transaction: its edits are there all at once, or somebody else was first.</summary>
internal static class Commits
{
    public static void Commit(ModelRun run, int which, Action<StoreTransaction> commit)
    {
        var open = run.Transactions[which];
        run.Transactions.RemoveAt(which);
        var expected = open.Conflicts(run.WrittenAt);
        var isRefused = false;
        try
        {
            commit(open.Transaction);
        }
        catch (ConflictException)
        {
            isRefused = true;
        }

        run.See(isRefused ? 1 : 2);
        run.Check(isRefused == expected, $"a {open.Transaction.Isolation} transaction of {open.Edits.Count} edits was {(isRefused ? "refused" : "committed")}, and {(expected ? "somebody else was first" : "nobody else wrote")}");
        foreach (var (from, to, number) in isRefused ? [] : open.Edits)
        {
            if (number > 0)
            {
                run.NotePut(from, number);
            }
            else
            {
                run.NoteDeleteRange(from, to);
            }
        }

        open.Transaction.Dispose();
    }
}
