using System.Globalization;
using System.Text;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Writers;

/// <summary>The process that writes and is killed: <c>--write DIRECTORY JOURNAL SETTINGS ROUND TRANSACTIONS</c>.</summary>
internal static class WriterProgram
{
    public static bool IsMeant(string[] args) => args is ["--write", _, _, _, _, _];

    public static string[] Arguments(string directory, string journal, WriterSettings settings, int round, int transactions) =>
        ["--write", directory, journal, settings.ToString(), round.ToString(CultureInfo.InvariantCulture), transactions.ToString(CultureInfo.InvariantCulture)];

    public static string Journal(string journal, int writer) => string.Create(CultureInfo.InvariantCulture, $"{journal}-{writer}");

    /// <summary>Every writer writes its part of the transactions, one after another; behind each that the store has acknowledged, its number into the writer's journal, which is outside the store.</summary>
    public static int Run(string[] args)
    {
        var settings = WriterSettings.Parse(args[3]);
        var round = int.Parse(args[4], CultureInfo.InvariantCulture);
        var transactions = int.Parse(args[5], CultureInfo.InvariantCulture) / settings.Writers;
        using var store = LsmStore.Open(args[1], settings.Options);
        var others = Enumerable.Range(1, settings.Writers - 1).Select(writer => new Thread(() => Write(store, args[2], writer, round, transactions))).ToList();
        others.ForEach(static other => other.Start());
        Write(store, args[2], 0, round, transactions);
        others.ForEach(static other => other.Join());
        return 0;
    }

    private static void Write(LsmStore store, string journalPath, int writer, int round, int transactions)
    {
        using var journal = new FileStream(Journal(journalPath, writer), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var batch = new WriteBatch();
        for (var number = 1; number <= transactions; number++)
        {
            batch.Clear();
            foreach (var edit in WriterScript.Transaction(writer, round, number))
            {
                if (edit.To is not null)
                {
                    batch.DeleteRange(edit.Key, edit.To);
                }
                else if (edit.Value is not null)
                {
                    batch.Put(edit.Key, edit.Value);
                }
                else
                {
                    batch.Delete(edit.Key);
                }
            }

            store.Write(batch);
            journal.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n")));
        }
    }
}
