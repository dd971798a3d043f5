using System.Diagnostics;
using System.Globalization;
using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Writers;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Kills;

/// <summary>One store, written to by processes that are killed at random moments; after each end it is held against what was acknowledged.</summary>
/// <remarks>
/// The writer uses the engine alone, so that a process costs little more than its start, and there can be hundreds of kills in a minute.
/// What is acknowledged lies in a journal outside the store.
/// </remarks>
internal sealed class KilledWriters : IDisposable
{
    private const int OpeningEvery = 4; // each fourth kill may come before the first commit

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-kills-").FullName;
    private readonly WriterStore _store;
    private readonly int _transactions;
    private Dice _dice; // changes with every throw
    private TimeSpan _opening = TimeSpan.FromMilliseconds(250);
    private int _attempts;
    private bool _isFinished;

    public KilledWriters(ulong seed, WriterSettings settings)
    {
        _dice = new Dice(seed);
        _store = new WriterStore(Path.Combine(_root, "store"), Path.Combine(_root, "journal"), settings);
        _transactions = settings.Durability == Durability.Full ? 250 : 2_000; // a writer that waits for the disk is met often enough in fewer
    }

    /// <summary>Processes that were killed while they lived.</summary>
    public int Kills { get; private set; }

    /// <summary>Transactions that were acknowledged in all rounds, and found.</summary>
    public long Acknowledged => _store.Acknowledged;

    /// <summary>One process that is killed at some moment, of its start, its opening and recovering, or its writing. Nothing is counted when it was faster.</summary>
    public void Kill()
    {
        var isOpening = ++_attempts % OpeningEvery == 0;
        var wanted = isOpening ? 0 : 1 + _dice.Below(_transactions * 3 / 4);
        var delay = isOpening ? _opening * _dice.Below(1_000) / 1_000 : TimeSpan.FromMicroseconds(_dice.Below(3_000));
        var start = Stopwatch.GetTimestamp();
        using var process = LsmTreeProcess.StartWriter(_store.BeginRound(_transactions));
        for (var acknowledged = 0; acknowledged < wanted && !process.HasExited; acknowledged = _store.CountAcknowledged())
        {
            if (acknowledged == 0)
            {
                _opening = Stopwatch.GetElapsedTime(start);
            }

            Thread.Sleep(1);
        }

        start = Stopwatch.GetTimestamp();
        for (var left = delay; left > TimeSpan.Zero && !process.HasExited; left = delay - Stopwatch.GetElapsedTime(start))
        {
            // Asleep the thread leaves its processor to those whom it waits for; the end must be met more closely than a sleep can.
            Thread.Sleep(left > TimeSpan.FromMilliseconds(3) ? 1 : 0);
        }

        var isKilled = process.Kill();
        var story = string.Create(CultureInfo.InvariantCulture, $"killed {delay.TotalMilliseconds:0.0} ms after {wanted} transactions");
        if (!isKilled)
        {
            var (status, text) = process.WaitForExit();
            Assert.True(status == 0, $"The writer ended by itself with {status}, to be {story}: {text}");
        }

        _store.Check(isKilled ? WriterEnd.Killed : WriterEnd.ByItself, story);
        Kills += isKilled ? 1 : 0;
    }

    /// <summary>The store must be sound, and keep everything through a compaction and a reopening.</summary>
    public void Finish()
    {
        _store.Finish();
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
}
