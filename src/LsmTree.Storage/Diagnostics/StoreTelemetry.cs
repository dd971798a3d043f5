namespace LsmTree.Storage.Diagnostics;

/// <summary>One store's voice: what it measures goes out with its name.</summary>
/// <remarks>
/// The floors that work get this object and say what they did; they ask for the time first, and get <see cref="NotMeasured"/> when nobody
/// listens. The gauges pull: <see cref="Publish"/> says where from.
/// </remarks>
internal sealed class StoreTelemetry : IDisposable
{
    /// <summary>The start of what is not measured.</summary>
    public const long NotMeasured = long.MinValue;

    private static readonly KeyValuePair<string, object?>[] s_durabilities =
        [.. Enum.GetValues<Durability>().Order().Select(static durability => KeyValuePair.Create(StorageInstruments.DurabilityTag, (object?)durability.ToString().ToLowerInvariant()))];

    private readonly TelemetryRelay _relay = new();
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _store;
    private Func<StoreStatistics>? _statistics;
    private Func<IReadOnlyList<LevelStatistics>>? _levels;

    /// <param name="name">What to call the store; made distinct when another has the name.</param>
    /// <param name="time">The clock.</param>
    public StoreTelemetry(string name, TimeProvider time)
    {
        _time = time;
        Name = StorageInstruments.Stores.Add(name, this);
        _store = KeyValuePair.Create(StorageInstruments.StoreTag, (object?)Name);
    }

    /// <inheritdoc cref="TelemetryRelay.ListenerFailed"/>
    public event Action? ListenerFailed
    {
        add => _relay.ListenerFailed += value;
        remove => _relay.ListenerFailed -= value;
    }

    /// <summary>The name under which the store is measured.</summary>
    public string Name { get; }

    /// <summary>The tag that says so.</summary>
    public KeyValuePair<string, object?> Store => _store;

    /// <summary>From now on gauges ask these.</summary>
    public void Publish(Func<StoreStatistics> statistics, Func<IReadOnlyList<LevelStatistics>> levels)
    {
        _levels = levels;
        Volatile.Write(ref _statistics, statistics);
    }

    /// <summary>What the gauges of the store show; false before it is open and after it is closed.</summary>
    public bool TryObserve(out StoreStatistics statistics)
    {
        var source = Volatile.Read(ref _statistics);
        statistics = source?.Invoke() ?? default;
        return source is not null;
    }

    /// <summary>The levels of the store; none before it is open and after it is closed.</summary>
    public IReadOnlyList<LevelStatistics> ObserveLevels() => Volatile.Read(ref _statistics) is null ? [] : _levels!();

    /// <summary>The time at which a commit begins, when somebody wants to know.</summary>
    public long CommitBegan() => StorageInstruments.CommitDuration.Enabled ? _time.GetTimestamp() : NotMeasured;

    /// <summary>A commit is what its caller asked for.</summary>
    public void CommitEnded(long began, Durability durability)
    {
        if (began != NotMeasured)
        {
            _relay.Record(StorageInstruments.CommitDuration, Since(began), [_store, s_durabilities[(int)durability]]);
        }
    }

    /// <summary>The time at which a sync of the log begins, when somebody wants to know.</summary>
    public long LogSyncBegan() => StorageInstruments.LogSyncDuration.Enabled ? _time.GetTimestamp() : NotMeasured;

    /// <summary>The log is on the disk.</summary>
    public void LogSyncEnded(long began)
    {
        if (began != NotMeasured)
        {
            _relay.Record(StorageInstruments.LogSyncDuration, Since(began), [_store]);
        }
    }

    /// <summary>Begins to measure a job, and its activity. Null when nobody listens.</summary>
    /// <param name="kind">recovery, flush or compaction.</param>
    public MeasuredJob? BeginJob(string kind) => MeasuredJob.TryBegin(_relay, kind, _store, _time);

    public void Dispose()
    {
        Volatile.Write(ref _statistics, null);
        StorageInstruments.Stores.Remove(Name);
    }

    private double Since(long began) => _time.GetElapsedTime(began).TotalSeconds;
}
