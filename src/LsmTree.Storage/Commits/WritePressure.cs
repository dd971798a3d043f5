using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Slows writers down in proportion to what maintenance owes, so that they need not be stopped.</summary>
/// <remarks>
/// <para>Every byte written owes a little time: a step for each table on level 0 above <see cref="SoftTables"/> (of those that share a key; tables side
/// by side cost a read nothing), and a step for each eighth of the soft limit by which the debt of compactions is above it. A writer pays
/// when a millisecond has come together. At the hard limit it waits for a compaction. Never under a lock; ended by every change of the
/// view, a failure, a cancellation or the store's end; counted.</para>
/// <para>When the work that would end a wait cannot go on (a full disk), the writer gets that error instead of waiting.</para>
/// <para>With no background threads nobody would end the wait for a compaction: at the hard limit the writer compacts, as it flushes when memory is full.</para>
/// </remarks>
internal sealed class WritePressure
{
    /// <summary>Tables on level 0 from which writes are slowed down. RocksDB: 20, LevelDB: 8.</summary>
    public const int SoftTables = 12;

    /// <summary>Tables on level 0 from which writes wait. RocksDB: 36, LevelDB: 12.</summary>
    public const int HardTables = 36;

    /// <summary>Debt below which writes are never slowed down: 1 GiB, or half of the store if that is more. RocksDB: 64 GiB.</summary>
    public const long SoftDebtBytes = 1L << 30;

    private const int DebtStepsInSoftLimit = 8;
    private const int NanosecondsPerByteAndStep = 5; // 200 MB/s at the first step
    private const long SmallestPauseNanoseconds = 1_000_000; // shorter ones cannot be waited for

    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(100);

    private readonly ViewCell _views;
    private readonly StoreHealth _health;
    private readonly StoreCounters _counters;
    private readonly TimeProvider _time;
    private readonly EventRelay _events;
    private readonly Func<Versions.Version, TreeLoad> _measure;
    private readonly Func<bool>? _compactInline;
    private readonly Exception?[] _blocked = new Exception?[2]; // by bottleneck; volatile
    private Measured _measured;
    private long _owedNanoseconds;
    private bool _closing;

    /// <param name="views">What writers wait for changes of.</param>
    /// <param name="health">Ends waits.</param>
    /// <param name="counters">Statistics.</param>
    /// <param name="time">How long waits were.</param>
    /// <param name="events">Told of waits.</param>
    /// <param name="measure">What maintenance owes in a version; asked once for each.</param>
    /// <param name="compactInline">With no background threads: does the most urgent compaction here and now; false when there is none that could begin. Null with threads.</param>
    public WritePressure(ViewCell views, StoreHealth health, StoreCounters counters, TimeProvider time, EventRelay events, Func<Versions.Version, TreeLoad> measure, Func<bool>? compactInline = null)
    {
        _views = views;
        _health = health;
        _counters = counters;
        _time = time;
        _events = events;
        _measure = measure;
        _compactInline = compactInline;
        _measured = Measure(views.Current.Version);
    }

    /// <summary>Says that the work behind <paramref name="bottleneck"/> cannot go on because of <paramref name="cause"/>.</summary>
    public void Block(Bottleneck bottleneck, Exception cause)
    {
        Volatile.Write(ref _blocked[(int)bottleneck], cause);
        _views.Wake();
    }

    /// <summary>Says that the work goes on: a full disk, or an error of the device, is over. Any other cause stays.</summary>
    public void Unblock(Bottleneck bottleneck)
    {
        if (Volatile.Read(ref _blocked[(int)bottleneck]) is StoreFullException or IOException)
        {
            Volatile.Write(ref _blocked[(int)bottleneck], null);
            _views.Wake();
        }
    }

    /// <summary>Ends all waiting: the store is being closed.</summary>
    public void Close()
    {
        Volatile.Write(ref _closing, true);
        _views.Wake();
    }

    /// <summary>Lets a write of <paramref name="bytes"/> begin, now or a little later.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public void Admit(long bytes, CancellationToken cancellation)
    {
        var measured = Current();
        if (measured.Steps > 0)
        {
            Slow(measured, bytes, cancellation);
        }
    }

    /// <summary>Waits until the view changes from <paramref name="generation"/>: the caller found no room. A stall, and counted as one.</summary>
    public void WaitForRoom(Bottleneck bottleneck, long generation, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        Interlocked.Increment(ref _counters.Stalls);
        _events.Tell(static listener => listener.OnStallBegan());
        try
        {
            WaitForChange(bottleneck, generation, cancellation);
        }
        finally
        {
            var waited = _time.GetElapsedTime(start);
            Interlocked.Add(ref _counters.StallTicks, waited.Ticks);
            _events.Tell(listener => listener.OnStallEnded(waited));
        }
    }

    /// <summary>Waits until the view changes from <paramref name="generation"/>, or throws what keeps it from ever changing.</summary>
    public void WaitForChange(Bottleneck bottleneck, long generation, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(static views => ((ViewCell)views!).Wake(), _views);
        do
        {
            cancellation.ThrowIfCancellationRequested();
            _health.ThrowIfFailed();
            ThrowIfClosing();
            ThrowIfBlocked(bottleneck);
        }
        while (!_views.WaitForChange(generation, s_longestWait));
    }

    private void Slow(Measured measured, long bytes, CancellationToken cancellation)
    {
        while (measured.Load.Level0Depth >= HardTables)
        {
            // The generation first: a change after it ends the wait.
            var generation = _views.Generation;
            measured = Current();
            if (measured.Load.Level0Depth >= HardTables && !TryCompactInline(cancellation))
            {
                WaitForRoom(Bottleneck.Level0, generation, cancellation);
            }
        }

        var owed = Interlocked.Add(ref _owedNanoseconds, bytes * NanosecondsPerByteAndStep * measured.Steps);
        if (owed < SmallestPauseNanoseconds)
        {
            return;
        }

        Interlocked.Add(ref _owedNanoseconds, -owed);
        Pause(TimeSpan.FromTicks(Math.Min(owed / TimeSpan.NanosecondsPerTick, s_longestWait.Ticks)), cancellation);
    }

    private bool TryCompactInline(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _health.ThrowIfFailed();
        try
        {
            return _compactInline is not null && _compactInline();
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            throw Refusal(Bottleneck.Level0, error);
        }
    }

    /// <summary>Waits for a time, or for less when the view changes: what was owed may be owed no longer.</summary>
    private void Pause(TimeSpan duration, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        Interlocked.Increment(ref _counters.Stalls);
        using (cancellation.UnsafeRegister(static views => ((ViewCell)views!).Wake(), _views))
        {
            var generation = _views.Generation;
            cancellation.ThrowIfCancellationRequested();
            if (!Volatile.Read(ref _closing))
            {
                _views.WaitForChange(generation, duration);
            }
        }

        Interlocked.Add(ref _counters.StallTicks, _time.GetElapsedTime(start).Ticks);
        cancellation.ThrowIfCancellationRequested();
    }

    private Measured Current()
    {
        var version = _views.Current.Version;
        var measured = Volatile.Read(ref _measured);
        if (!ReferenceEquals(measured.Version, version))
        {
            measured = Measure(version);
            Volatile.Write(ref _measured, measured);
        }

        return measured;
    }

    private Measured Measure(Versions.Version version)
    {
        var load = _measure(version);
        var softDebt = Math.Max(SoftDebtBytes, load.TableBytes / 2);
        var steps = Math.Max(0L, load.Level0Depth - SoftTables + 1);
        if (load.DebtBytes > softDebt)
        {
            steps += 1 + (load.DebtBytes - softDebt) / (softDebt / DebtStepsInSoftLimit);
        }

        return new Measured(version, load, steps);
    }

    private void ThrowIfClosing()
    {
        if (Volatile.Read(ref _closing))
        {
            throw new ObjectDisposedException("LsmStore", "The store was closed while a write waited for room.");
        }
    }

    private void ThrowIfBlocked(Bottleneck bottleneck)
    {
        if (Volatile.Read(ref _blocked[(int)bottleneck]) is { } cause)
        {
            throw Refusal(bottleneck, cause);
        }
    }

    private static StoreException Refusal(Bottleneck bottleneck, Exception cause)
    {
        var work = bottleneck == Bottleneck.Memtables ? "memtables cannot be flushed" : "tables cannot be compacted";
        return cause switch
        {
            StoreFullException => new StoreFullException($"The write was refused, because {work}: {cause.Message} Writes resume when space returns.", cause),
            IOException => new StoreFailedException($"The write was refused, because {work}: {cause.Message} That is tried again by itself, and writes resume when it succeeds.", cause),
            _ => new StoreFailedException($"The write was refused, because {work}: {cause.Message}", cause),
        };
    }

    /// <summary>What a version costs those who write to it: zero steps, mostly.</summary>
    private sealed record Measured(Versions.Version Version, TreeLoad Load, long Steps);
}
