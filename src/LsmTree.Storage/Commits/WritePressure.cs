using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Slows writers down in proportion to what maintenance owes, so that they need not be stopped.</summary>
/// <remarks>
/// <para>Between <see cref="SoftTables"/> and <see cref="HardTables"/> tables on level 0, every byte written owes a little time, more with every table;
/// a writer pays when a millisecond has come together. At the hard limit it waits for a compaction. Never under a lock; ended by a failure or
/// by the store's end; counted.</para>
/// <para>When maintenance cannot go on (a full disk), a writer that would have to wait for it gets that error instead.</para>
/// </remarks>
internal sealed class WritePressure
{
    /// <summary>Tables on level 0 from which writes are slowed down. RocksDB: 20, LevelDB: 8.</summary>
    public const int SoftTables = 12;

    /// <summary>Tables on level 0 from which writes wait. RocksDB: 36, LevelDB: 12.</summary>
    public const int HardTables = 36;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(100);

    private readonly ViewCell _views;
    private readonly StoreHealth _health;
    private readonly StoreCounters _counters;
    private readonly TimeProvider _time;
    private readonly EventRelay _events;
    private Exception? _blocked;
    private long _owedNanoseconds;
    private bool _closing;

    public WritePressure(ViewCell views, StoreHealth health, StoreCounters counters, TimeProvider time, EventRelay events)
    {
        _views = views;
        _health = health;
        _counters = counters;
        _time = time;
        _events = events;
    }

    /// <summary>Says that maintenance cannot go on because of <paramref name="cause"/>.</summary>
    public void Block(Exception cause)
    {
        Volatile.Write(ref _blocked, cause);
        _views.Wake();
    }

    /// <summary>Says that a full disk is over. Any other cause stays.</summary>
    public void Unblock()
    {
        if (Volatile.Read(ref _blocked) is StoreFullException)
        {
            Volatile.Write(ref _blocked, null);
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
    public void Admit(long bytes, CancellationToken cancellation)
    {
        var tables = _views.Current.Version.Level(0).Length;
        if (tables < SoftTables)
        {
            return;
        }

        Slow(tables, bytes, cancellation);
    }

    /// <summary>Waits until the view changes from <paramref name="generation"/>: the caller found no room. A stall, and counted as one.</summary>
    public void WaitForRoom(long generation, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        Interlocked.Increment(ref _counters.Stalls);
        _events.Tell(static listener => listener.OnStallBegan());
        try
        {
            WaitForChange(generation, cancellation);
        }
        finally
        {
            var waited = _time.GetElapsedTime(start);
            Interlocked.Add(ref _counters.StallTicks, waited.Ticks);
            _events.Tell(listener => listener.OnStallEnded(waited));
        }
    }

    /// <summary>Waits until the view changes from <paramref name="generation"/>, or throws what keeps it from ever changing.</summary>
    public void WaitForChange(long generation, CancellationToken cancellation)
    {
        do
        {
            cancellation.ThrowIfCancellationRequested();
            _health.ThrowIfFailed();
            if (Volatile.Read(ref _closing))
            {
                throw new ObjectDisposedException("LsmStore", "The store was closed while a write waited for a flush.");
            }

            ThrowIfBlocked();
        }
        while (!_views.WaitForChange(generation, s_longestWait));
    }

    private void Slow(int tables, long bytes, CancellationToken cancellation)
    {
        while (tables >= HardTables)
        {
            var generation = _views.Generation;
            tables = _views.Current.Version.Level(0).Length;
            if (tables < HardTables)
            {
                break;
            }

            WaitForRoom(generation, cancellation);
            tables = _views.Current.Version.Level(0).Length;
        }

        if (tables < SoftTables)
        {
            return;
        }

        // 5 ns a byte (200 MB/s) at the soft limit, twice that a table later, and so on.
        var owed = Interlocked.Add(ref _owedNanoseconds, bytes * 5 * (tables - SoftTables + 1));
        if (owed < 1_000_000)
        {
            return;
        }

        Interlocked.Add(ref _owedNanoseconds, -owed);
        var start = _time.GetTimestamp();
        Interlocked.Increment(ref _counters.Stalls);
        _views.WaitForChange(_views.Generation, TimeSpan.FromTicks(Math.Min(owed / 100, s_longestWait.Ticks)));
        Interlocked.Add(ref _counters.StallTicks, _time.GetElapsedTime(start).Ticks);
    }

    private void ThrowIfBlocked()
    {
        if (Volatile.Read(ref _blocked) is not { } cause)
        {
            return;
        }

        throw cause is StoreFullException
            ? new StoreFullException($"The write was refused, because memtables cannot be flushed: {cause.Message} Writes resume when space returns.", cause)
            : new StoreFailedException($"The write was refused, because background work cannot go on: {cause.Message}", cause);
    }
}
