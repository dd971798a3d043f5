using System.Diagnostics;
using System.Globalization;
using LsmTree.Crash.Tests.Children;

namespace LsmTree.Crash.Tests.Imports;

/// <summary>One store, imported into again and again by processes that are killed; after each kill its rows are held against what was acknowledged.</summary>
/// <remarks>
/// <para>Each round upserts all records, in an order and with a mark of its own, some to a transaction. So after a kill the rows that bear the
/// round's mark tell how far it came, and every other row must be as the rounds before left it:</para>
/// <code>
/// rows = rows before the round + exactly the first k transactions of the round
/// acknowledged &lt;= k &lt;= acknowledged + 1     the one in flight may have reached the log
/// 0 &lt;= k &lt;= acknowledged + 1                with Synchronous=Off, which promises whole transactions in order but not the newest
/// </code>
/// <para>The rows are read by a read-only connection, which changes no byte: it is the next process that recovers the store, and may be killed at it.</para>
/// </remarks>
internal sealed class KilledImports : IDisposable
{
    private const int Batch = 50;

    // The smallest that the engine takes, so that one import is a dozen flushes and some compactions.
    private const string Options = "Memtable Size=64KB";

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-crash-").FullName;
    private readonly Random _random;
    private readonly int _seed;
    private readonly string _synchronous;
    private readonly Action<string> _say;
    private readonly string[] _header;
    private readonly string[][] _records;
    private Dictionary<string, string[]> _rows = new(StringComparer.Ordinal);
    private TimeSpan _opening = TimeSpan.FromMilliseconds(400);
    private int _round;
    private int _store;
    private bool _isFinished;

    public KilledImports(int seed, string synchronous, Action<string> say)
    {
        _seed = seed;
        _random = new Random(seed);
        _synchronous = synchronous;
        _say = say;
        (_header, _records) = PackageRecords.Read();
    }

    /// <summary>Processes that were killed while they lived.</summary>
    public int Kills { get; private set; }

    /// <summary>Transactions that were acknowledged in all rounds, and found.</summary>
    public long Acknowledged { get; private set; }

    private string Store => Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"store-{_store}"));

    private int Transactions => (_records.Length + Batch - 1) / Batch;

    /// <summary>Goes on in a directory that is not there yet.</summary>
    public void BeginAnew()
    {
        _store++;
        _rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
    }

    /// <summary>One import that is killed at some moment. Nothing is counted when it was faster.</summary>
    public void KillWhileOpening() => Run(KillMoment.WhileOpening(_random, _opening));

    /// <inheritdoc cref="KillWhileOpening"/>
    public void KillWhileWriting() => Run(KillMoment.WhileWriting(_random, Transactions));

    /// <summary>The store must be sound, take a whole import, and keep it through a compaction and two reopenings.</summary>
    public void Finish()
    {
        var killed = Kills;
        Run(new KillMoment(int.MaxValue, TimeSpan.Zero));
        Assert.Equal(killed, Kills);
        Assert.Equal(_records.Length, _rows.Count);
        AssertSame(_rows, PackageTable.Read(Store, _header, "Mode=ReadWrite"), "the finished store");
        Assert.Empty(PackageTable.Verify(Store));
        var levels = PackageTable.Levels(Store);
        PackageTable.Execute(Store, "COMPACT");
        AssertSame(_rows, PackageTable.Read(Store, _header, "Mode=ReadOnly"), "the compacted store");
        Assert.Empty(PackageTable.Verify(Store));
        _say(string.Create(CultureInfo.InvariantCulture,
            $"seed {_seed}, synchronous {_synchronous}: {_round} imports, {Kills} killed, {Acknowledged} transactions acknowledged; tables {levels}"));
        _isFinished = true;
    }

    /// <summary>Removes the store, unless it failed: then it is the evidence, and the message of the failure says where it lies.</summary>
    public void Dispose()
    {
        if (_isFinished)
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private void Run(KillMoment moment)
    {
        _round++;
        var rows = PackageRecords.Of(_records, _round, _random);
        var file = Path.Combine(_root, "packages.tsv");
        PackageRecords.Write(file, _header, rows);
        var acknowledgements = new Acknowledgements(Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"acknowledged-{_round}")));
        var start = Stopwatch.GetTimestamp();
        using var process = LsmTreeProcess.Start(
            "import", Store, PackageTable.Name, file, "--create", "--upsert", "--batch", Batch.ToString(CultureInfo.InvariantCulture),
            "--ack", acknowledgements.Path, "--synchronous", _synchronous, "--options", Options);
        if (moment.Transactions > 0)
        {
            (moment with { Transactions = 1, Delay = TimeSpan.Zero }).Await(process, acknowledgements);
            _opening = Stopwatch.GetElapsedTime(start);
        }

        moment.Await(process, acknowledgements);
        var isKilled = process.Kill();
        var acknowledged = acknowledgements.Count(Batch, rows.Length);
        var story = string.Create(CultureInfo.InvariantCulture,
            $"seed {_seed}, round {_round}, synchronous {_synchronous}, killed {moment}, {acknowledged} acknowledged, store {Store}");
        if (!isKilled)
        {
            var (status, text) = process.WaitForExit();
            Assert.True(status == 0, $"{story}: lsmtree ended by itself with {status}: {text}");
            Assert.True(acknowledged == Transactions, $"{story}: of {Transactions} transactions");
        }

        Check(rows, acknowledged, isKilled, story);
        Kills += isKilled ? 1 : 0;
        Acknowledged += acknowledged;
    }

    private void Check(string[][] rows, int acknowledged, bool isKilled, string story)
    {
        var found = PackageTable.Read(Store, _header, "Mode=ReadOnly");
        var there = 0;
        while (there < Transactions && found.TryGetValue(rows[there * Batch][0], out var first) && first.SequenceEqual(rows[there * Batch]))
        {
            there++;
        }

        story += string.Create(CultureInfo.InvariantCulture, $", {there} found");
        var least = isKilled && _synchronous == "off" ? 0 : acknowledged;
        Assert.True(there >= least, story + ": an acknowledged transaction is lost");
        Assert.True(there <= acknowledged + 1, story + ": more than the one transaction in flight are there");
        foreach (var row in rows.Take(there * Batch))
        {
            _rows[row[0]] = row;
        }

        AssertSame(_rows, found, story);
    }

    private static void AssertSame(Dictionary<string, string[]> expected, Dictionary<string, string[]> found, string story)
    {
        foreach (var (key, fields) in expected)
        {
            Assert.True(found.TryGetValue(key, out var actual), $"{story}: the row {string.Join('|', fields)} is not there");
            Assert.True(fields.SequenceEqual(actual), $"{story}: the row {string.Join('|', fields)} reads {string.Join('|', actual)}");
        }

        var more = found.Keys.FirstOrDefault(key => !expected.ContainsKey(key));
        Assert.True(more is null, $"{story}: the row of {more} is there, of a transaction that is not");
    }
}
