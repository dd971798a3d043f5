using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>What a part is given: how much to do, where to count, and whom to tell of a failure.</summary>
internal sealed class PartContext
{
    private const int MostFailures = 5;

    /// <summary>No case takes longer: what has shown no sign for so long hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly List<string> _failures = [];
    private readonly Action<string> _say;
    private readonly TimeSpan? _budget;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _processorBefore = Environment.CpuUsage.TotalTime;
    private readonly TimeSpan _pausesBefore = GC.GetTotalPauseDuration();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, object> _cases = [];
    private TimeSpan _lastWord;
    private long _lastSign; // in ticks of _clock: when a case last ended or was counted

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

    /// <summary>What the part cost until now, for who wants to make it cheaper: of the process, so a neighbour's share is in it.</summary>
    public string Cost => string.Create(
        CultureInfo.InvariantCulture,
        $"{Took.TotalSeconds:0.0} s, {(Environment.CpuUsage.TotalTime - _processorBefore).TotalSeconds:0} s of processors, {(GC.GetTotalPauseDuration() - _pausesBefore).TotalSeconds:0} s in collections");

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
        Volatile.Write(ref _lastSign, _clock.Elapsed.Ticks);
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
        var text = $"{ReplayLine($"--replay {Part.Name} {words}")}{Environment.NewLine}{story}";
        lock (_gate)
        {
            _failures.Add(text);
            _say(text);
        }
    }

    /// <summary>Notes that the part itself came to no end, with the line that runs it again.</summary>
    public void FailWhole(Exception failure)
    {
        var text = $"{ReplayLine(WholePart)}{Environment.NewLine}{failure}";
        lock (_gate)
        {
            _failures.Add(text);
            _say(text);
        }
    }

    /// <summary>Ends the process, with a failure and the lines that repeat it, when the part hangs. Until it is disposed.</summary>
    public IDisposable Watch() => new Timer(_ => EndIfHung(), null, s_look, s_look);

    /// <summary>Says which case the thread is at, for the line that is printed when it hangs.</summary>
    public void At(object words) => _cases[Environment.CurrentManagedThreadId] = words;

    /// <summary>The lines that repeat what hangs; null while something has been heard within <paramref name="patience"/>.</summary>
    public string? WhyHung(TimeSpan patience)
    {
        var silence = _clock.Elapsed - TimeSpan.FromTicks(Volatile.Read(ref _lastSign));
        return silence < patience
            ? null
            : string.Join(
                Environment.NewLine,
                [$"{Part.Name} hangs: nothing was heard of it for {silence.TotalMinutes:0} minutes. It was at", .. _cases.Values.Select(words => ReplayLine($"--replay {Part.Name} {words}")), ReplayLine(WholePart)]);
    }

    /// <summary>Runs the rounds on all processors, until they are done or it is over.</summary>
    public void ForEach(int rounds, Action<int> round)
    {
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        var each = Partitioner.Create(Enumerable.Range(0, rounds), EnumerablePartitionerOptions.NoBuffering); // one by one: the dear ones lie side by side
        Parallel.ForEach(each, options, (i, state) =>
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

    /// <summary>Says now and then how far the part has come.</summary>
    public void Progress(int done, int rounds)
    {
        Volatile.Write(ref _lastSign, _clock.Elapsed.Ticks);
        lock (_gate)
        {
            if (_clock.Elapsed - _lastWord > TimeSpan.FromSeconds(10))
            {
                _lastWord = _clock.Elapsed;
                _say($"  {Part.Name}: {done} of {(rounds == int.MaxValue ? "many" : rounds)} rounds, {string.Join(", ", _order.Select(what => $"{_counts[what]:N0} {what}"))}, {Cost}");
            }
        }
    }

    private void EndIfHung()
    {
        if (WhyHung(s_patience) is { } story)
        {
            _say(story);
            Environment.Exit(3);
        }
    }

    private string WholePart => $"--lane {Lane.ToString().ToLowerInvariant()} --only {Part.Name} --seed {Seed}";

    private static string ReplayLine(string arguments) => $"REPLAY dotnet run --project tests/LsmTree.Crash.Tests -- {arguments}";
}
