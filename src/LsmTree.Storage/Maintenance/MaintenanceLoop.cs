using LsmTree.Storage.Commits;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>When the jobs run: one thread flushes and keeps the log in order, one compacts and sweeps. Or nobody, and a test steps by hand.</summary>
/// <remarks>
/// <para>Flushes never wait for compactions, so that writers wait for neither longer than they must.</para>
/// <para>A full disk is not a failure: the job is tried again every second, writers that run out of memory meanwhile are told why
/// (<see cref="WritePressure.Block"/>), and everything goes on when space returns. Any other error of a flush latches the store's health.
/// An error of a compaction stops compactions: its inputs are still there and nothing is lost.</para>
/// </remarks>
internal sealed class MaintenanceLoop : IDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly ViewCell _views;
    private readonly StoreHealth _health;
    private readonly WritePressure _pressure;
    private readonly WriteAheadLog? _log;
    private readonly WorkSignal _flushWork;
    private readonly WorkSignal _tableWork;
    private readonly FlushWork _flush;
    private readonly CompactionWork _compaction;
    private readonly TableSweep _sweep;
    private readonly EventRelay _events;
    private readonly List<Thread> _threads = [];
    private readonly CancellationTokenSource _ending = new();
    private bool _compactionsStopped;

    public MaintenanceLoop(ViewCell views, StoreHealth health, WritePressure pressure, WriteAheadLog? log, FlushWork flush, CompactionWork compaction, TableSweep sweep, EventRelay events, WorkSignal flushWork, WorkSignal tableWork)
    {
        _views = views;
        _health = health;
        _pressure = pressure;
        _log = log;
        _flush = flush;
        _compaction = compaction;
        _sweep = sweep;
        _events = events;
        _flushWork = flushWork;
        _tableWork = tableWork;
    }

    public LevelSettings Levels => _compaction.Levels;

    /// <summary>Starts the threads. Not for manual stepping.</summary>
    public void Start()
    {
        StartThread("lsmtree flush", _flushWork, RunFlushes);
        StartThread("lsmtree compaction", _tableWork, RunCompactions);
        _flushWork.Raise();
        _tableWork.Raise();
    }

    /// <summary>Flushes one memtable on this thread; false when none is frozen.</summary>
    public bool FlushOne() => _flush.RunOne();

    /// <summary>Does one piece of work on this thread, the most urgent first; false when there is none.</summary>
    public bool RunStep() => (_log?.Maintain() ?? false) || _flush.RunOne() || _compaction.RunOne(CancellationToken.None) || _sweep.Run();

    /// <summary>Returns when no frozen memtable is left of those there are now.</summary>
    public void WaitForFlush()
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

            _pressure.WaitForChange(generation, CancellationToken.None);
        }
    }

    /// <summary>Compacts a range on this thread, step by step, waiting where the background does a part of it.</summary>
    public void Compact(KeyRange range, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            _health.ThrowIfFailed();
            var generation = _views.Generation;
            if (_compaction.RunManual(range, cancellation))
            {
                continue;
            }

            if (!_compaction.IsBusy)
            {
                break;
            }

            _views.WaitForChange(generation, s_retry);
        }

        _sweep.Run();
    }

    /// <summary>Ends the threads, after the job that each is in; a compaction is cut short.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _flushWork.Stop();
        _tableWork.Stop();
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

    private TimeSpan RunFlushes()
    {
        try
        {
            var flushed = true;
            while (flushed && !_ending.IsCancellationRequested)
            {
                flushed = _flush.RunOne();
                _log?.Maintain();
                if (flushed)
                {
                    _tableWork.Raise();
                }
            }

            _pressure.Unblock();
            return s_idle;
        }
        catch (StoreFullException error)
        {
            _pressure.Block(error);
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_retry;
        }
        catch (Exception error)
        {
            // A background thread must not end the process; the first cause stands in every exception of a write from here on.
            _health.Fail(error);
            _views.Wake();
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_idle;
        }
    }

    private TimeSpan RunCompactions()
    {
        try
        {
            _sweep.Run();
            while (!_compactionsStopped && !_health.IsFailed && !_ending.IsCancellationRequested && _compaction.RunOne(_ending.Token))
            {
                _sweep.Run();
            }

            return s_idle;
        }
        catch (OperationCanceledException)
        {
            return s_idle;
        }
        catch (StoreFullException error)
        {
            // Its inputs are still there. The next try may find space, if only because readers have let files go.
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_retry;
        }
        catch (Exception error)
        {
            _compactionsStopped = true;
            _pressure.Block(error);
            _events.Tell(listener => listener.OnBackgroundError(error));
            return s_idle;
        }
    }
}
