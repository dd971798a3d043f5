using LsmTree.Storage.Commits;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Files;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>When the jobs run: one thread prepares what commits take, one flushes and closes logs, two compact and sweep. Or nobody, and a test steps by hand.</summary>
/// <remarks>
/// <para>The log has a thread of its own, because a commit fills the space prepared for it in less time than a flush or an fsync takes; what is not
/// prepared in time the commit does itself, and everybody behind it waits.</para>
/// <para>Flushes never wait for compactions, and compactions of level 0 not for those of the deep levels, which take longest: so writers wait for
/// none of them longer than they must. When writes have paused, one thread goes on with <see cref="IdleWork"/>.</para>
/// <para>A full disk is not a failure, nor are too many open files: the job is tried again every second, writers that run out of memory meanwhile
/// are told why (<see cref="WritePressure.Block"/>), and everything goes on when the cause is gone. Any other error of a flush latches the store's health.</para>
/// <para>A compaction that fails loses nothing: its inputs are still there. After an error of the device (a read that timed out, a network file system that
/// was away) it is tried again, later each time (<see cref="RetryDelay"/>). Damage does not heal: it ends compactions until the store is opened again. Either is in the
/// statistics for as long as no compaction has succeeded since, and in every exception of a write that had to wait for one.</para>
/// </remarks>
internal sealed class MaintenanceLoop : IDisposable
{
    /// <summary>Compactions at the same time: 2, one for level 0 and one below it. RocksDB: max_background_jobs 2 in all; Pebble: 1, up to 3 under load.</summary>
    private const int CompactionThreads = 2;

    /// <summary>How long nobody must have written before idle work begins.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>How often somebody looks whether there is idle work, which no signal tells.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly ViewCell _views;
    private readonly StoreHealth _health;
    private readonly WritePressure _pressure;
    private readonly WriteAheadLog? _log;
    private readonly WorkSignal _flushWork;
    private readonly WorkSignal _tableWork;
    private readonly WorkSignal _logWork;
    private readonly ChunkStock _chunks;
    private readonly FlushWork _flush;
    private readonly CompactionWork _compaction;
    private readonly TableSweep _sweep;
    private readonly IdleWork _idle;
    private readonly EventRelay _events;
    private readonly List<Thread> _threads = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly RetryDelay _compactionDelay;
    private volatile bool _compactionsStopped;
    private volatile Exception? _compactionFailure;

    public MaintenanceLoop(ViewCell views, StoreHealth health, WritePressure pressure, WriteAheadLog? log, FlushWork flush, CompactionWork compaction, TableSweep sweep, IdleWork idle, EventRelay events, WorkSignal flushWork, WorkSignal tableWork, WorkSignal logWork, ChunkStock chunks)
    {
        _views = views;
        _health = health;
        _pressure = pressure;
        _log = log;
        _flush = flush;
        _compaction = compaction;
        _sweep = sweep;
        _idle = idle;
        _events = events;
        _flushWork = flushWork;
        _tableWork = tableWork;
        _logWork = logWork;
        _chunks = chunks;
        _compactionDelay = new RetryDelay(events);
    }

    public LevelSettings Levels => _compaction.Levels;

    /// <summary>Why the newest compaction of a background thread failed; null when it did not.</summary>
    public Exception? CompactionFailure => _compactionFailure;

    /// <inheritdoc cref="TableSweep.PinnedBytes"/>
    public long PinnedTableBytes => _sweep.PinnedBytes;

    /// <summary>Starts the threads. Not for manual stepping.</summary>
    public void Start()
    {
        if (_log is not null)
        {
            StartThread("lsmtree log", _logWork, () => RunLog(_log));
            _logWork.Raise();
        }

        StartThread("lsmtree flush", _flushWork, RunFlushes);
        StartThread("lsmtree compaction 1", _tableWork, () => RunCompactions(RunIdleWork));
        for (var number = 2; number <= CompactionThreads; number++)
        {
            StartThread($"lsmtree compaction {number}", _tableWork, () => RunCompactions(static () => s_idle));
        }

        _flushWork.Raise();
        _tableWork.Raise();
    }

    /// <summary>Does one piece of work on this thread, the most urgent first, idle work last; false when there is none.</summary>
    public bool RunStep() => (_log?.Maintain() ?? false) || _flush.RunOne() || _compaction.RunOne(CancellationToken.None) || _sweep.Run() || RunIdleStep();

    /// <summary>Returns when no frozen memtable is left of those there are now.</summary>
    public void WaitForFlush(CancellationToken cancellation)
    {
        if (_threads.Count == 0)
        {
            while (_flush.RunOne())
            {
                // One after another, oldest first.
            }

            _sweep.Run();
            return;
        }

        var awaited = _views.Current.Frozen;
        while (true)
        {
            var generation = _views.Generation;
            if (!_views.Current.Frozen.Any(frozen => awaited.Contains(frozen)))
            {
                return;
            }

            _pressure.WaitForChange(Bottleneck.Memtables, generation, cancellation);
        }
    }

    /// <summary>Compacts a range on this thread.</summary>
    public void Compact(KeyRange range, IProgress<CompactionProgress>? progress, CancellationToken cancellation)
    {
        new ManualCompaction(_compaction, _views, _health, range, progress).Run(cancellation);
        CompactionSucceeded();
        _sweep.Run();
    }

    /// <summary>Ends the threads, after the job that each is in; a compaction is cut short.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _flushWork.Stop();
        _tableWork.Stop();
        _logWork.Stop();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _ending.Dispose();
    }

    private void StartThread(string name, WorkSignal signal, Func<TimeSpan> work)
    {
        var thread = new Thread(() => Loop(signal, work)) { IsBackground = true, Name = name };
        _threads.Add(thread);
        thread.UnsafeStart(); // the work is the store's: no activity or culture of whoever opened it goes along
    }

    private static void Loop(WorkSignal signal, Func<TimeSpan> work)
    {
        long seen = 0;
        var pause = s_idle;
        while (signal.Wait(ref seen, pause))
        {
            pause = work();
        }
    }

    private TimeSpan RunLog(WriteAheadLog log)
    {
        try
        {
            while (!_health.IsFailed && !_ending.IsCancellationRequested && (log.PrepareAhead() | _chunks.Fill()))
            {
                // Until nothing is due.
            }

            _chunks.Trim();

            return s_idle;
        }
        catch (Exception error) when (error is StoreFullException or FileNotOpenedException)
        {
            // Nobody waits for it: a commit that needs the space, or the file, now is told by its own attempt.
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_retry;
        }
        catch (Exception error)
        {
            // As in a flush.
            _health.Fail(error);
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_idle;
        }
    }

    private TimeSpan RunFlushes()
    {
        try
        {
            var flushed = true;
            while (flushed && !_health.IsFailed && !_ending.IsCancellationRequested)
            {
                flushed = _flush.RunOne();
                _pressure.Unblock(Bottleneck.Memtables);
                _log?.CloseRotated();
                if (flushed)
                {
                    _tableWork.Raise();
                }
            }

            return s_idle;
        }
        catch (Exception error) when (error is StoreFullException or FileNotOpenedException { IsExhaustion: true })
        {
            _pressure.Block(Bottleneck.Memtables, error);
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_retry;
        }
        catch (Exception error)
        {
            // A background thread must not end the process; the first cause stands in every exception of a write from here on.
            _health.Fail(error);
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_idle;
        }
    }

    private TimeSpan RunCompactions(Func<TimeSpan> afterwards)
    {
        // A job that fails signals new work when it lets its tables go; that must not begin it again at once.
        if (_compactionDelay.Remaining is { Ticks: > 0 } remaining)
        {
            return remaining;
        }

        try
        {
            _sweep.Run();
            while (!_compactionsStopped && !_health.IsFailed && !_ending.IsCancellationRequested && _compaction.RunOne(_ending.Token))
            {
                CompactionSucceeded();
                _sweep.Run();
            }

            _pressure.Unblock(Bottleneck.Level0);
            return _compactionsStopped || _health.IsFailed ? s_idle : afterwards();
        }
        catch (OperationCanceledException)
        {
            return s_idle;
        }
        catch (StoreFullException error)
        {
            // The next try may find space, if only because readers have let files go.
            return CompactionFailed(error, _compactionDelay.Begin());
        }
        catch (IOException error)
        {
            return CompactionFailed(error, _compactionDelay.BeginLonger());
        }
        catch (Exception error)
        {
            _compactionsStopped = true;
            return CompactionFailed(error, s_idle);
        }
    }

    private void CompactionSucceeded()
    {
        _compactionDelay.End();
        if (!_compactionsStopped)
        {
            _compactionFailure = null;
        }

        _pressure.Unblock(Bottleneck.Level0);
    }

    private TimeSpan CompactionFailed(Exception error, TimeSpan pause)
    {
        _compactionFailure = error;
        _pressure.Block(Bottleneck.Level0, error);
        _events.Tell(listener => listener.OnBackgroundError(error));
        return pause;
    }

    /// <summary>Goes on while nobody writes; returns when to look again.</summary>
    private TimeSpan RunIdleWork()
    {
        if (!_idle.HavePaused(s_pause))
        {
            return s_pause;
        }

        while (!_compactionsStopped && !_ending.IsCancellationRequested && _idle.RunOne(_ending.Token))
        {
            _sweep.Run();
        }

        return s_look;
    }

    /// <summary>Who steps by hand says when writes have paused: now.</summary>
    private bool RunIdleStep()
    {
        _idle.HavePaused(TimeSpan.Zero);
        return _idle.RunOne(CancellationToken.None);
    }
}
