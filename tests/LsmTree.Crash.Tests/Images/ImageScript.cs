using System.Globalization;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>A workload as a line of words, run once over a recording file system.</summary>
/// <remarks>
/// <code>
/// p3  put key 3          P3  put 20,000 bytes     f3  put, durably       i3  insert unless there
/// d3  delete             r2-6 delete a range      b   batch of four      B   the same, durably
/// t   transaction        m   twelve puts of 6,000 bytes                  e   edits that change nothing
/// F   flush              C   compact              S   background step    V   verify
/// R   close and reopen   K   kill and reopen      X   checkpoint         s   snapshot, held to the end
/// </code>
/// </remarks>
internal sealed class ImageScript
{
    public const string Directory = "/store";

    private readonly LsmStoreOptions _options;
    private readonly List<Snapshot> _snapshots = [];
    private LsmStore? _store;
    private int _copies;

    private ImageScript(LsmStoreOptions options, SimFileSystem files)
    {
        _options = options;
        Files = files;
    }

    public SimFileSystem Files { get; }

    public ImageHistory History { get; } = new();

    /// <summary>Events of the journal before the last word of the script.</summary>
    public int LastWordFrom { get; private set; }

    /// <summary>Runs a script from nothing. The store is left open, as a crash would find it.</summary>
    /// <param name="words">The script.</param>
    /// <param name="options">How the store is opened.</param>
    /// <param name="files">Where; it records.</param>
    public static ImageScript Run(string words, LsmStoreOptions options, SimFileSystem? files = null)
    {
        var script = new ImageScript(options, files ?? new SimFileSystem { Journal = [] });
        script._store = LsmStore.OpenOn(script.Files, Directory, null, options);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            script.LastWordFrom = script.Files.Journal!.Count;
            script.Do(word);
        }

        return script;
    }

    /// <summary>Closes the store; what it writes then is recorded, too.</summary>
    public void Close()
    {
        ReleaseSnapshots();
        _store!.Dispose();
    }

    private void Do(string word)
    {
        var key = word.Length > 1 ? int.Parse(word.AsSpan(1, word.Contains('-') ? word.IndexOf('-') - 1 : word.Length - 1), CultureInfo.InvariantCulture) : 0;
        switch (word[0])
        {
            case 'p':
                Put(key, 24, null);
                break;
            case 'P':
                Put(key, 20_000, null);
                break;
            case 'f':
                Put(key, 24, Durability.Full);
                break;
            case 'i':
                Insert(key);
                break;
            case 'd':
                Commit(state => state[key] = 0, null, _ => _store!.Delete(ImageHistory.Key(key)));
                break;
            case 'r':
                var end = int.Parse(word.AsSpan(word.IndexOf('-') + 1), CultureInfo.InvariantCulture);
                Commit(state => state.AsSpan(key, end - key).Clear(), null, _ => _store!.DeleteRange(ImageHistory.Key(key), ImageHistory.Key(end)));
                break;
            case 'b':
                Batch(null);
                break;
            case 'B':
                Batch(Durability.Full);
                break;
            case 't':
                Transact();
                break;
            case 'm':
                for (var i = 0; i < 12; i++)
                {
                    Put(i, 6_000, null);
                }

                break;
            case 'e':
                Commit(static state => state[11] = 0, null, _ => _store!.Delete(ImageHistory.Key(11)));
                _store!.Write(new WriteBatch());
                break;
            case 'F':
                _store!.Flush();
                Files.Mark(SimMark.Flushed, History.Last);
                break;
            case 'C':
                _store!.Compact();
                Files.Mark(SimMark.Flushed, History.Last);
                break;
            case 'S':
                _store!.RunBackgroundStep();
                break;
            case 'V':
                Assert.True(_store!.Verify().IsSound);
                break;
            case 'R':
                ReleaseSnapshots();
                _store!.Dispose();
                Open();
                break;
            case 'K':
                Kill();
                break;
            case 'X':
                _store!.CheckpointTo($"/copy-{_copies++}");
                Files.Mark(SimMark.Flushed, History.Last);
                break;
            case 's':
                _snapshots.Add(_store!.CreateSnapshot());
                break;
            default:
                throw new ArgumentException($"{word} is no word of a script.");
        }
    }

    private void Kill()
    {
        ReleaseSnapshots();
        if (_options.Durability == Durability.Off)
        {
            // What a killed store without a log loses is not the script's to know: it loses nothing here.
            _store!.Flush();
            Files.Mark(SimMark.Flushed, History.Last);
        }

        Files.KillProcess();
        Open();
    }

    private void Open()
    {
        _store = LsmStore.OpenOn(Files, Directory, null, _options);
        Files.Mark(SimMark.Flushed, History.Last); // closing and recovering both leave everything in tables
    }

    private void ReleaseSnapshots()
    {
        _snapshots.ForEach(static snapshot => snapshot.Dispose());
        _snapshots.Clear();
    }

    private void Put(int key, int length, Durability? durability) =>
        Commit(state => state[key] = History.Last, durability, commit => _store!.Put(ImageHistory.Key(key), ImageHistory.Value(commit, length), Asked(durability)));

    private void Insert(int key)
    {
        if (History.States[^1][key] == 0)
        {
            Commit(state => state[key] = History.Last, null, commit => Assert.True(_store!.TryInsert(ImageHistory.Key(key), ImageHistory.Value(commit, 40))));
        }
        else
        {
            Assert.False(_store!.TryInsert(ImageHistory.Key(key), ImageHistory.Value(0, 40)));
        }
    }

    private void Batch(Durability? durability)
    {
        var first = (History.Last + 1) * 5 % (ImageHistory.KeyCount - 3);
        Commit(
            state =>
            {
                state[first] = state[first + 1] = History.Last;
                state[first + 2] = 0;
            },
            durability,
            commit =>
            {
                var batch = new WriteBatch();
                batch.Put(ImageHistory.Key(first + 2), ImageHistory.Value(commit, 24));
                batch.Put(ImageHistory.Key(first), ImageHistory.Value(commit, 300));
                batch.Delete(ImageHistory.Key(first + 2));
                batch.Put(ImageHistory.Key(first + 1), ImageHistory.Value(commit, 24));
                _store!.Write(batch, Asked(durability));
            });
    }

    private void Transact()
    {
        Commit(
            state =>
            {
                state[2] = state[9] = History.Last;
                state.AsSpan(4, 2).Clear();
            },
            null,
            commit =>
            {
                using var transaction = _store!.BeginTransaction();
                transaction.Put(ImageHistory.Key(2), ImageHistory.Value(commit, 24));
                transaction.DeleteRange(ImageHistory.Key(4), ImageHistory.Key(6));
                var savepoint = transaction.CreateSavepoint();
                transaction.Put(ImageHistory.Key(3), ImageHistory.Value(commit, 24));
                transaction.RollbackTo(savepoint);
                transaction.Put(ImageHistory.Key(9), ImageHistory.Value(commit, 100));
                transaction.Commit();
            });
    }

    private Durability? Asked(Durability? durability) => _options.Durability == Durability.Off ? null : durability;

    private void Commit(Action<int[]> change, Durability? durability, Action<int> write)
    {
        change(History.Begin());
        var commit = History.Last;
        Files.Mark(SimMark.Begun, commit);
        write(commit);
        Files.Mark(SimMark.Acknowledged, commit);
        if (_options.Durability == Durability.Full || Asked(durability) == Durability.Full)
        {
            Files.Mark(SimMark.Durable, commit);
        }
    }
}
