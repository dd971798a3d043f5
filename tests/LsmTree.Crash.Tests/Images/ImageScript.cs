using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>A workload as a line of words (<see cref="ScriptWord"/>), run once over a recording file system.</summary>
internal sealed class ImageScript : IScriptTarget, IRecordedRun
{
    private readonly LsmStoreOptions _options;
    private readonly List<Snapshot> _snapshots = [];
    private readonly HashSet<UInt128> _knownCopies = [];
    private LsmStore? _store;

    private ImageScript(LsmStoreOptions options, SimFileSystem files)
    {
        _options = options;
        Files = files;
        files.Bounds = [ScriptWord.Store];
    }

    public SimFileSystem Files { get; }

    public ImageHistory History { get; } = new();

    public string Words { get; private init; } = "";

    public int LastWordFrom { get; private set; }

    public LsmStoreOptions Options => _options;

    public int NextCommit => History.Last + 1;

    /// <summary>Runs a script from nothing under a named set of options, to be crashed.</summary>
    public static ImageScript Run(string words, string set) => Run(words, ImageScripts.Options(set), null, $"\"script={words}\" options={set}");

    /// <summary>Runs a script from nothing. The store is left open, as a crash would find it.</summary>
    /// <param name="words">The script.</param>
    /// <param name="options">How the store is opened.</param>
    /// <param name="files">Where; it records.</param>
    /// <param name="replay">The words of a replay.</param>
    public static ImageScript Run(string words, LsmStoreOptions options, SimFileSystem? files = null, string replay = "")
    {
        var script = new ImageScript(options, files ?? new SimFileSystem { Journal = [] }) { Words = replay };
        if (words.StartsWith(ScriptWord.UnsyncedDirectory, StringComparison.Ordinal))
        {
            script.Files.MakeUnsyncedDirectory(ScriptWord.Store);
        }

        script._store = LsmStore.OpenOn(script.Files, ScriptWord.Store, null, options);
        foreach (var word in ScriptWord.Split(words))
        {
            script.LastWordFrom = script.Files.Journal!.Count;
            ScriptWord.Do(word, script);
        }

        return script;
    }

    public void Close()
    {
        ReleaseSnapshots();
        _store!.Dispose();
    }

    public int Check(SimFileSystem image, int least, int most) => ImageCheck.Find(image, History, _options, least, most);

    public int CheckCopies(SimFileSystem image, int complete) => ImageCheck.Copies(image, History, _options, complete, _knownCopies);

    public bool IsAlsoAfter(int found, int least, int most) => History.Find(History.States[found], least, most) is var other && other >= least && other <= most;

    public void Commit(Action<int[], int> change, Durability? asked, Action<LsmStore, int, Durability?> write)
    {
        var durability = _options.Durability == Durability.Off ? null : asked;
        Commit(change, (durability ?? _options.Durability) == Durability.Full, (store, commit) => write(store, commit, durability));
    }

    public void Load(Action<int[], int> change, Action<LsmStore, int> write) => Commit(change, isDurable: true, write);

    public void Insert(int key)
    {
        if (History.States[^1][key] == 0)
        {
            Commit((state, commit) => state[key] = commit, null, (store, commit, asked) => Assert.True(store.TryInsert(ImageHistory.Key(key), ImageHistory.Value(commit, 40), asked)));
        }
        else
        {
            Assert.False(_store!.TryInsert(ImageHistory.Key(key), ImageHistory.Value(0, 40)));
        }
    }

    public void Do(Action<LsmStore> action) => action(_store!);

    public void Flush(Action<LsmStore> action)
    {
        action(_store!);
        Files.Mark(SimMark.Flushed, History.Last);
    }

    public void Copy(Action<LsmStore, SimFileSystem, string> copy)
    {
        History.Copies.Add(History.Last);
        var directory = ImageHistory.CopyDirectory(History.Copies.Count - 1);
        var bounds = Files.Bounds;
        Files.Bounds = ScriptWord.BoundsOfCopy(directory);
        copy(_store!, Files, directory);
        Files.Bounds = bounds;
        Files.Mark(SimMark.Flushed, History.Last);
        Files.Mark(SimMark.Copied, History.Copies.Count);
    }

    public void Verify() => Assert.True(_store!.Verify().IsSound);

    public void Reopen()
    {
        ReleaseSnapshots();
        _store!.Dispose();
        Open();
    }

    public void Kill()
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

    public void TakeSnapshot() => _snapshots.Add(_store!.CreateSnapshot());

    private void Open()
    {
        _store = LsmStore.OpenOn(Files, ScriptWord.Store, null, _options);
        Files.Mark(SimMark.Flushed, History.Last); // closing and recovering both leave everything in tables
    }

    private void ReleaseSnapshots()
    {
        _snapshots.ForEach(static snapshot => snapshot.Dispose());
        _snapshots.Clear();
    }

    private void Commit(Action<int[], int> change, bool isDurable, Action<LsmStore, int> write)
    {
        var state = History.Begin();
        var commit = History.Last;
        change(state, commit);
        Files.Mark(SimMark.Begun, commit);
        write(_store!, commit);
        Files.Mark(SimMark.Acknowledged, commit);
        if (isDurable)
        {
            Files.Mark(SimMark.Durable, commit);
        }
    }
}
