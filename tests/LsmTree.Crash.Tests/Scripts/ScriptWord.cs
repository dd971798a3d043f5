using System.Globalization;
using LsmTree.Crash.Tests.Images;
using LsmTree.Storage;
using LsmTree.Storage.Backups;

namespace LsmTree.Crash.Tests.Scripts;

/// <summary>The words of which workloads are made, the same for crashes and for faults.</summary>
/// <remarks>
/// <code>
/// p3  put key 3          P3  put 20,000 bytes     f3  put, durably       i3  insert unless there
/// d3  delete             r2-6 delete a range      b   batch of four      B   the same, durably
/// t   transaction        m   twelve puts of 6,000 bytes                  e   edits that change nothing
/// F   flush              C   compact              S   background step    V   verify
/// R   close and reopen   K   kill and reopen      X   checkpoint         s   snapshot, held to the end
/// L3  bulk load of four  U   backup, restored     N   repair into another directory
/// D   at the beginning: the directory is there, and its name is not durable; crashes only
/// </code>
/// </remarks>
internal static class ScriptWord
{
    public const string Store = "/store";

    public const string UnsyncedDirectory = "D";

    public const string Backups = "/backups";

    /// <summary>What a word that makes a copy may touch; every other word has the store alone.</summary>
    public static IReadOnlyList<string> BoundsOfCopy(string directory) => [Store, Backups, directory];

    public static IEnumerable<string> Split(string script) => script.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static void Do(string word, IScriptTarget target)
    {
        var numbers = word[1..].Split('-');
        var key = numbers[0].Length > 0 ? int.Parse(numbers[0], CultureInfo.InvariantCulture) : 0;
        switch (word[0])
        {
            case 'p':
                Put(target, key, 24, null);
                break;
            case 'P':
                Put(target, key, 20_000, null);
                break;
            case 'f':
                Put(target, key, 24, Durability.Full);
                break;
            case 'i':
                target.Insert(key);
                break;
            case 'd':
                target.Commit((state, _) => state[key] = 0, null, (store, _, asked) => store.Delete(ImageHistory.Key(key), asked));
                break;
            case 'r':
                var end = int.Parse(numbers[1], CultureInfo.InvariantCulture);
                target.Commit((state, _) => state.AsSpan(key, end - key).Clear(), null, (store, _, asked) => store.DeleteRange(ImageHistory.Key(key), ImageHistory.Key(end), asked));
                break;
            case 'b' or 'B':
                Batch(target, word[0] == 'B' ? Durability.Full : null);
                break;
            case 't':
                Transact(target);
                break;
            case 'm':
                for (var i = 0; i < 12; i++)
                {
                    Put(target, i, 6_000, null);
                }

                break;
            case 'e':
                target.Commit(static (state, _) => state[11] = 0, null, static (store, _, asked) => store.Delete(ImageHistory.Key(11), asked));
                target.Do(static store => store.Write(new WriteBatch()));
                break;
            case 'L':
                Load(target, key);
                break;
            case 'F':
                target.Flush(static store => store.Flush());
                break;
            case 'C':
                target.Flush(static store => store.Compact());
                break;
            case 'S':
                target.Do(static store => store.RunBackgroundStep());
                break;
            case 'V':
                target.Verify();
                break;
            case 'R':
                target.Reopen();
                break;
            case 'K':
                target.Kill();
                break;
            case 'X':
                target.Copy(static (store, _, directory) => store.CheckpointTo(directory));
                break;
            case 'U':
                target.Copy(BackUpAndRestore);
                break;
            case 'N':
                target.Copy(Repair);
                break;
            case 's':
                target.TakeSnapshot();
                break;
            case 'D':
                break; // whoever opens the store has done it
            default:
                throw new ArgumentException($"{word} is no word of a script.");
        }
    }

    private static void Put(IScriptTarget target, int key, int length, Durability? durability) => target.Commit(
        (state, commit) => state[key] = commit,
        durability,
        (store, commit, asked) => store.Put(ImageHistory.Key(key), ImageHistory.Value(commit, length), asked));

    private static void Batch(IScriptTarget target, Durability? durability)
    {
        var first = target.NextCommit * 5 % (ImageHistory.KeyCount - 3);
        target.Commit(
            (state, commit) =>
            {
                state[first] = state[first + 1] = commit;
                state[first + 2] = 0;
            },
            durability,
            (store, commit, asked) =>
            {
                var batch = new WriteBatch();
                batch.Put(ImageHistory.Key(first + 2), ImageHistory.Value(commit, 24));
                batch.Put(ImageHistory.Key(first), ImageHistory.Value(commit, 300));
                batch.Delete(ImageHistory.Key(first + 2));
                batch.Put(ImageHistory.Key(first + 1), ImageHistory.Value(commit, 24));
                store.Write(batch, asked);
            });
    }

    private static void Transact(IScriptTarget target) => target.Commit(
        static (state, commit) =>
        {
            state[2] = state[9] = commit;
            state.AsSpan(4, 2).Clear();
        },
        null,
        static (store, commit, asked) =>
        {
            using var transaction = store.BeginTransaction(TransactionIsolation.Serializable);
            transaction.TryGet(ImageHistory.Key(9), out _);
            transaction.Put(ImageHistory.Key(2), ImageHistory.Value(commit, 24));
            transaction.DeleteRange(ImageHistory.Key(4), ImageHistory.Key(6));
            var savepoint = transaction.CreateSavepoint();
            transaction.Put(ImageHistory.Key(3), ImageHistory.Value(commit, 24));
            transaction.RollbackTo(savepoint);
            transaction.Put(ImageHistory.Key(9), ImageHistory.Value(commit, 100));
            transaction.Commit(asked);
        });

    private static void Load(IScriptTarget target, int key) => target.Load(
        (state, commit) => state.AsSpan(key, 4).Fill(commit),
        (store, commit) =>
        {
            using var load = store.BeginBulkLoad();
            for (var i = key; i < key + 4; i++)
            {
                load.Add(ImageHistory.Key(i), ImageHistory.Value(commit, 40));
            }

            load.Complete();
        });

    private static void BackUpAndRestore(LsmStore store, SimFileSystem files, string directory)
    {
        var backups = new BackupDirectory(files, Backups, "script");
        using (var image = store.TakeImage())
        {
            backups.Create(image, Store, DateTimeOffset.UnixEpoch, CancellationToken.None);
        }

        backups.Restore(directory, null, CancellationToken.None);
    }

    private static void Repair(LsmStore store, SimFileSystem files, string directory)
    {
        store.Flush();
        StoreRepair.RunOn(files, Store, directory, store.Options, CancellationToken.None);
    }
}
