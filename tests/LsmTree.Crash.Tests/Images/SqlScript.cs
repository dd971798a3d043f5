using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>A workload of statements (<see cref="SqlScripts"/>), run once through the provider over a recording file system; the states are all tables with all rows.</summary>
internal sealed class SqlScript : IRecordedRun
{
    private readonly string _mode;
    private readonly List<string> _states = [];
    private SqlDatabase _database;

    private SqlScript(string words, string mode)
    {
        Words = $"\"sql={words}\" options={mode}";
        _mode = mode;
        Files = new SimFileSystem { Journal = [], Bounds = [ScriptWord.Store] };
        _database = SqlDatabase.Open(Files, mode);
        _states.Add(_database.Read());
    }

    public string Words { get; }

    public SimFileSystem Files { get; }

    public int LastWordFrom { get; private set; }

    public LsmStoreOptions Options => _database.Connection.Store.Options;

    /// <summary>Runs a script from nothing. The database is left open, as a crash would find it.</summary>
    public static SqlScript Run(string words, string mode)
    {
        var script = new SqlScript(words, mode);
        foreach (var word in ScriptWord.Split(words))
        {
            script.LastWordFrom = script.Files.Journal!.Count;
            script.Do(word);
        }

        return script;
    }

    public void Close() => _database.Dispose();

    /// <summary>Opens the database that a crash left, reads and verifies it, makes a table in it, and cuts the power once more.</summary>
    public int Check(SimFileSystem image, int least, int most)
    {
        image.Bounds = [ScriptWord.Store];
        SimFileSystem after;
        string state;
        int opened;
        int found;
        using (var database = SqlDatabase.Open(image, _mode))
        {
            opened = image.Journal!.Count;
            state = database.Read();
            found = _states.FindLastIndex(most, most - least + 1, state.Equals);
            if (found < 0)
            {
                throw new ImageException($"the database is none of those after commit {least} to {most}, but as after {_states.LastIndexOf(state)}:\n{state}");
            }

            if (!database.Connection.Store.Verify().IsSound)
            {
                throw new ImageException("the recovered database does not verify");
            }

            database.Execute("CREATE TABLE later (k INTEGER PRIMARY KEY); INSERT INTO later VALUES (1), (2)");
            if (_mode != "Full")
            {
                database.Execute("FLUSH");
            }

            after = image.Crash(keepsCache: false);
            database.Die(image);
        }

        image.Journal.RemoveRange(opened, image.Journal.Count - opened); // what is left is the recovery itself
        using var again = SqlDatabase.Open(after, _mode);
        var (before, now) = (state.Split('\n'), again.Read().Split('\n'));
        var later = now.SkipWhile(static line => !line.StartsWith("later(", StringComparison.Ordinal)).Take(3).ToList();
        return later is [_, "1", "2"] && now.Except(later).SequenceEqual(before)
            ? found
            : throw new ImageException($"after one more table and a second crash the database has\n{string.Join('\n', now)}\ninstead of that and\n{state}");
    }

    public int CheckCopies(SimFileSystem image, int complete) => 0;

    public bool IsAlsoAfter(int found, int least, int most) => _states.FindLastIndex(most, most - least + 1, _states[found].Equals) >= 0;

    private void Do(string word)
    {
        switch (word)
        {
            case "F":
                _database.Execute("FLUSH");
                Files.Mark(SimMark.Flushed, _states.Count - 1);
                break;
            case "C":
                _database.Execute("COMPACT");
                Files.Mark(SimMark.Flushed, _states.Count - 1);
                break;
            case "S":
                _database.Connection.Store.RunBackgroundStep();
                break;
            case "R":
                _database.Dispose();
                Reopen();
                break;
            case "K":
                _database.Die(Files);
                Reopen();
                break;
            case ['r', var table]:
                _database.Execute($"BEGIN; DROP TABLE t{table}; CREATE TABLE t{table} (k BLOB PRIMARY KEY); TRUNCATE t{table}; ROLLBACK");
                Assert.Equal(_states[^1], _database.Read());
                break;
            default:
                Commit(SqlScripts.Text(word, _states.Count));
                break;
        }
    }

    private void Reopen()
    {
        _database = SqlDatabase.Open(Files, _mode);
        Files.Mark(SimMark.Flushed, _states.Count - 1); // closing and recovering both leave everything in tables
        Assert.Equal(_states[^1], _database.Read());
    }

    private void Commit(string text)
    {
        var commit = _states.Count;
        Files.Mark(SimMark.Begun, commit);
        _database.Execute(text);
        Files.Mark(SimMark.Acknowledged, commit);
        if (_mode == "Full")
        {
            Files.Mark(SimMark.Durable, commit);
        }

        _states.Add(_database.Read());
    }
}
