using System.Collections.Concurrent;
using System.Diagnostics;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>What a part is given: how much to do, where to count, and whom to tell of a failure.</summary>
internal sealed class PartContext
{
    private const int MostFailures = 5000;

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly List<string> _failures = [];
    private readonly Action<string> _say;
    private readonly TimeSpan? _budget;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _lastWord;

    public PartContext(Part part, Lane lane, ulong seed, TimeSpan? budget, Action<string> say)
    {
        Part = part;
        Lane = lane;
        Seed = seed;
        _budget = budget;
        _say = say;
    }

    public Part Part { get; }

    public Lane Lane { get; }

    public ulong Seed { get; }

    /// <summary>Why the part could not run on this machine; null when it could.</summary>
    public string? Skipped { get; private set; }

    public TimeSpan Took => _clock.Elapsed;

    /// <summary>True when the time is up, or when so much has failed that more would tell nothing new.</summary>
    public bool IsOver => _clock.Elapsed > _budget || _failures.Count >= MostFailures;

    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>What was counted, in the order of first mention.</summary>
    public IReadOnlyList<(string What, long Count)> Counts
    {
        get
        {
            lock (_gate)
            {
                return [.. _order.Select(what => (what, _counts[what]))];
            }
        }
    }

    /// <summary>How much to do in this lane. The long lane does all there is, or goes on until its time is up.</summary>
    public int Amount(int smoke, int ci, int @long = int.MaxValue) => Lane switch
    {
        Lane.Smoke => smoke,
        Lane.CI => ci,
        _ => @long,
    };

    public void Count(string what, long by = 1)
    {
        if (!_counts.ContainsKey(what))
        {
            lock (_gate)
            {
                if (_counts.TryAdd(what, 0))
                {
                    _order.Add(what);
                }
            }
        }

        _counts.AddOrUpdate(what, by, (_, before) => before + by);
    }

    /// <summary>Stops the clock of the part.</summary>
    public void Finish() => _clock.Stop();

    /// <summary>Notes that this machine lacks what the part needs.</summary>
    public void Skip(string reason)
    {
        Skipped = reason.ReplaceLineEndings(" ");
        _say($"  {Part.Name}: skipped, because {Skipped}");
    }

    /// <summary>Notes a failure with the line that repeats it.</summary>
    public void Fail(string words, string story)
    {
        var text = $"REPLAY dotnet run --project tests/LsmTree.Crash.Tests -- --replay {Part.Name} {words}{Environment.NewLine}{story}";
        lock (_gate)
        {
            _failures.Add(text);
            _say(text);
        }
    }

    /// <summary>Runs the rounds on all processors, until they are done or it is over.</summary>
    public void ForEach(int rounds, Action<int> round)
    {
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, rounds, options, (i, state) =>
        {
            if (IsOver)
            {
                state.Stop();
                return;
            }

            round(i);
            Progress(Interlocked.Increment(ref done), rounds);
        });
    }

    private void Progress(int done, int rounds)
    {
        lock (_gate)
        {
            if (_clock.Elapsed - _lastWord > TimeSpan.FromSeconds(10))
            {
                _lastWord = _clock.Elapsed;
                _say($"  {Part.Name}: {done} of {(rounds == int.MaxValue ? "many" : rounds)} rounds, {string.Join(", ", _order.Select(what => $"{_counts[what]:N0} {what}"))}, {_clock.Elapsed.TotalSeconds:0} s");
            }
        }
    }
}
