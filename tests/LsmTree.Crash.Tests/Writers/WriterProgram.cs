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

    /// <summary>Writes one transaction after another; behind each that the store has acknowledged, its number into the journal, which is outside the store.</summary>
    public static int Run(string[] args)
    {
        var settings = WriterSettings.Parse(args[3]);
        var round = int.Parse(args[4], CultureInfo.InvariantCulture);
        var transactions = int.Parse(args[5], CultureInfo.InvariantCulture);
        using var journal = new FileStream(args[2], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var store = LsmStore.Open(args[1], settings.Options);
        var batch = new WriteBatch();
        for (var number = 1; number <= transactions; number++)
        {
            batch.Clear();
            foreach (var edit in WriterScript.Transaction(round, number))
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

        return 0;
    }
}
