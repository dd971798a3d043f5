using System.Globalization;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Writers;

/// <summary>One store, written to by processes that do not end well; after each end it is held against what was acknowledged.</summary>
/// <remarks>
/// <code>
/// contents = contents before the round + of each writer exactly the first k transactions of the round, for a k of its own
/// acknowledged &lt;= k &lt;= acknowledged + 1     the process died: the one in flight may have reached the log
/// 0            &lt;= k &lt;= acknowledged + 1     the same, and the store kept no log (Durability.Off)
/// promised     &lt;= k &lt;= acknowledged + 1     the disk was taken away, after that many had been acknowledged with an fsync each
/// 0            &lt;= k &lt;= acknowledged + 1     the same, and the writer had not asked for an fsync with each commit
/// </code>
/// What is acknowledged while the disk is being taken away is not promised: the kernel was seen to return 0 from an fdatasync that was
/// under way when the file system was shut down, and the data were not there afterwards. No program can tell that from an fsync that held.
/// </remarks>
internal sealed class WriterStore(string directory, string journal, WriterSettings settings)
{
    public const int Transactions = 120;

    private readonly SortedDictionary<byte[], byte[]> _contents = new(Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right)));

    public int Round { get; private set; }

    public string Directory => directory;

    public WriterSettings Settings => settings;

    /// <summary>Transactions that were acknowledged in all rounds, and found.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Transactions that were acknowledged without a promise that they outlive what happened, and were not there.</summary>
    public long Lost { get; private set; }

    /// <summary>The arguments of the next process.</summary>
    public string[] BeginRound(int transactions = Transactions)
    {
        for (var writer = 0; writer < settings.Writers; writer++)
        {
            File.Delete(WriterProgram.Journal(journal, writer));
        }

        return WriterProgram.Arguments(directory, journal, settings, ++Round, transactions);
    }

    /// <summary>Transactions that the process of this round has had acknowledged.</summary>
    public int CountAcknowledged() => CountEach().Sum();

    /// <summary>The same for each of its writers.</summary>
    public IReadOnlyList<int> CountEach() => [.. Enumerable.Range(0, settings.Writers).Select(writer => CountLines(WriterProgram.Journal(journal, writer)))];

    /// <summary>Looks, without changing a byte, for exactly what must be there.</summary>
    /// <param name="end">How the process ended.</param>
    /// <param name="story">What happened, for the message.</param>
    /// <param name="promised">How many each writer had had acknowledged when the disk was taken away.</param>
    public void Check(WriterEnd end, string story, IReadOnlyList<int>? promised = null)
    {
        var acknowledged = CountEach();
        var found = Contents();
        for (var writer = 0; writer < settings.Writers; writer++)
        {
            Advance(found, writer, acknowledged[writer], end, story, promised?[writer] ?? 0);
        }

        Compare(found, string.Create(CultureInfo.InvariantCulture, $"round {Round}, {settings}, {story}: {string.Join('+', acknowledged)} acknowledged, found in {directory}"));
    }

    /// <summary>The store must be sound, and keep everything through a compaction and a reopening.</summary>
    public void Finish()
    {
        using (var store = LsmStore.Open(directory, settings.Options))
        {
            Assert.True(store.Verify().IsSound, $"{directory} is not sound");
            store.Compact();
        }

        Compare(Contents(), $"{directory} after a compaction");
    }

    private static int CountLines(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Count(static character => character == '\n');
    }

    /// <summary>How far one writer came; what it wrote is expected from now on.</summary>
    private void Advance(SortedDictionary<byte[], byte[]> found, int writer, int acknowledged, WriterEnd end, string story, int promised)
    {
        var reached = WriterScript.Reached(found.GetValueOrDefault(WriterScript.Progress(writer)), Round);
        story = string.Create(CultureInfo.InvariantCulture, $"round {Round}, {settings}, writer {writer}, {story}: {acknowledged} acknowledged, {reached} found in {directory}");
        var least = (end, settings.Durability) switch
        {
            (WriterEnd.ByItself, _) or (WriterEnd.Killed, not Durability.Off) => acknowledged,
            (WriterEnd.DiskTakenAway, Durability.Full) => promised,
            _ => 0,
        };
        Assert.True(reached >= least, $"{story}: an acknowledged transaction is lost");
        Assert.True(reached <= acknowledged + 1, $"{story}: more than the one in flight are there");
        for (var number = 1; number <= reached; number++)
        {
            Apply(WriterScript.Transaction(writer, Round, number));
        }

        Acknowledged += Math.Min(acknowledged, reached);
        Lost += Math.Max(0, acknowledged - reached);
    }

    private SortedDictionary<byte[], byte[]> Contents()
    {
        var contents = new SortedDictionary<byte[], byte[]>(_contents.Comparer);
        try
        {
            using var store = LsmStore.Open(directory, settings.Options with { Mode = OpenMode.ReadOnly });
            using var cursor = store.CreateCursor();
            for (var has = cursor.SeekToFirst(); has; has = cursor.Next())
            {
                contents.Add(cursor.Key.ToArray(), cursor.Value.ToArray());
            }
        }
        catch (StoreFormatException) when (_contents.Count == 0 && CountAcknowledged() == 0)
        {
            // The process died before there was a store.
        }

        return contents;
    }

    private void Apply(IReadOnlyList<WriterEdit> edits)
    {
        foreach (var (key, value, to) in edits)
        {
            if (to is not null)
            {
                foreach (var covered in _contents.Keys.Where(covered => covered.AsSpan().SequenceCompareTo(key) >= 0 && covered.AsSpan().SequenceCompareTo(to) < 0).ToList())
                {
                    _contents.Remove(covered);
                }
            }
            else if (value is not null)
            {
                _contents[key] = value;
            }
            else
            {
                _contents.Remove(key);
            }
        }
    }

    private void Compare(SortedDictionary<byte[], byte[]> found, string story)
    {
        Assert.True(
            found.Count == _contents.Count && found.Zip(_contents).All(static pair => pair.First.Key.AsSpan().SequenceEqual(pair.Second.Key) && pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value)),
            $"{story}: the contents are not those of the transactions that are there ({found.Count} keys instead of {_contents.Count})");
    }
}
