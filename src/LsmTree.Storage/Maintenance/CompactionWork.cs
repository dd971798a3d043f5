using LsmTree.Storage.Compactions;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>Asks the picker, carries out its plan, installs the result. Any number of threads, each with a plan of its own.</summary>
/// <remarks>Plans are made one at a time and in sight of those that run; the picker sees to it that they neither share a table nor write over one another.</remarks>
internal sealed class CompactionWork
{
    private readonly VersionSet _versions;
    private readonly SnapshotList _snapshots;
    private readonly CompactionJob _job;
    private readonly LevelSettings _levels;
    private readonly VersionInstaller _installer;
    private readonly TableSweep _sweep;
    private readonly StoreCounters _counters;
    private readonly StoreTelemetry _telemetry;
    private readonly EventRelay _events;
    private readonly string _directory;
    private readonly WorkSignal _tableWork;
    private readonly Lock _gate = new();
    private readonly List<CompactionPlan> _running = []; // guarded by _gate

    public CompactionWork(VersionSet versions, SnapshotList snapshots, CompactionJob job, LevelSettings levels, VersionInstaller installer, TableSweep sweep, StoreCounters counters, StoreTelemetry telemetry, EventRelay events, string directory, WorkSignal tableWork)
    {
        _versions = versions;
        _snapshots = snapshots;
        _job = job;
        _levels = levels;
        _installer = installer;
        _sweep = sweep;
        _counters = counters;
        _telemetry = telemetry;
        _events = events;
        _directory = directory;
        _tableWork = tableWork;
    }

    public LevelSettings Levels => _levels;

    /// <summary>Does the most urgent compaction; false when none is due.</summary>
    public bool RunOne(CancellationToken cancellation) =>
        TryRun(() => CompactionPicker.Pick(_versions.Current, _levels, _running, _snapshots.OldestSequence(), static table => table.RangeTombstones, _snapshots.Capture().ExpiredUpTo), null, null, cancellation);

    /// <summary>Does one step of what is worth doing while nobody writes; false when there is none.</summary>
    public bool RunIdle(CancellationToken cancellation) => TryRun(() => IdlePicker.Pick(_versions.Current, _levels, _running), null, null, cancellation);

    /// <summary>Does one step of compacting a range by hand; false when the range is compact, or the step must wait for a running plan.</summary>
    /// <param name="range">The keys.</param>
    /// <param name="onBegin">Told the plan before it is carried out.</param>
    /// <param name="onBytes">Told now and then how many bytes of it have been merged; null for nobody.</param>
    /// <param name="cancellation">Ends the step; nothing of it stays.</param>
    public bool RunManual(KeyRange range, Action<CompactionPlan> onBegin, Action<long>? onBytes, CancellationToken cancellation) =>
        TryRun(() => CompactionPicker.PickManual(_versions.Current, range, _levels, _running, _snapshots.OldestSequence(), _snapshots.Capture().ExpiredUpTo), onBegin, onBytes, cancellation);

    /// <summary>True while a compaction runs on some thread.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _running.Count > 0;
            }
        }
    }

    /// <summary>
    /// Has tables that were loaded put in force: each on the deepest level where nothing on it or above it shares its range, and no running compaction may
    /// come to write over it (<see cref="LoadLevel"/>). No compaction is picked meanwhile.
    /// </summary>
    /// <param name="tables">The tables, newer than everything in the tree.</param>
    /// <param name="install">Makes the additions durable and visible.</param>
    public void Place(IReadOnlyList<TableInfo> tables, Action<IReadOnlyList<AddedTable>> install)
    {
        lock (_gate)
        {
            var version = _versions.Current;
            var bytes = tables.Sum(static table => table.FileBytes);
            install([.. tables.Select(table => new AddedTable(LoadLevel.For(version, _levels, table.Range, bytes, _running), table))]);
        }

        _tableWork.Raise();
    }

    private bool TryRun(Func<CompactionPlan?> pick, Action<CompactionPlan>? onBegin, Action<long>? onBytes, CancellationToken cancellation)
    {
        var start = _events.Now;
        CompactionPlan? plan;
        Versions.Version version;
        ulong floor;
        lock (_gate)
        {
            version = _versions.Current;
            plan = pick();
            if (plan is null)
            {
                return false;
            }

            floor = _sweep.JobStarted();
            _running.Add(plan);
        }

        // What is left may be work for somebody else; and once more below, when this plan is out of the way.
        _tableWork.Raise();
        using var measured = _telemetry.BeginJob("compaction");
        JobResult result;
        try
        {
            onBegin?.Invoke(plan);
            var (snapshots, expiredUpTo) = _snapshots.Capture();
            result = _job.Run(plan, version, snapshots, expiredUpTo, onBytes, cancellation);
            _installer.Install(result.Edit);
            _counters.Levels[plan.OutputLevel].Count(result.BytesRead, result.BytesWritten, _events.Since(start));
            Interlocked.Add(ref _counters.CompactionBytesWritten, result.BytesWritten);
            Interlocked.Increment(ref _counters.Compactions);
            measured?.Completed(result.BytesRead, result.BytesWritten);
        }
        finally
        {
            _sweep.JobEnded(floor);
            lock (_gate)
            {
                _running.Remove(plan);
            }

            _tableWork.Raise();
        }

        _events.TellCreated(_directory, result.Edit);
        _events.Tell(listener => listener.OnCompactionCompleted(Describe(plan, result, _events.Since(start))));
        return true;
    }

    private static CompactionCompleted Describe(CompactionPlan plan, JobResult result, TimeSpan duration) => new(
        plan.Kind.ToString(),
        plan.Reason.ToString(),
        plan.OutputLevel,
        result.Edit.Removed.Count,
        result.Edit.Added.Count,
        result.EntriesRead,
        result.EntriesWritten,
        result.BytesRead,
        result.BytesWritten,
        duration);
}
