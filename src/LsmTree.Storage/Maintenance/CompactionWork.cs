using LsmTree.Storage.Compactions;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>Asks the picker, carries out its plan, installs the result.</summary>
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
    private readonly Lock _gate = new();
    private readonly List<CompactionPlan> _running = []; // guarded by _gate

    public CompactionWork(VersionSet versions, SnapshotList snapshots, CompactionJob job, LevelSettings levels, VersionInstaller installer, TableSweep sweep, StoreCounters counters, StoreTelemetry telemetry, EventRelay events, string directory)
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
    }

    public LevelSettings Levels => _levels;

    /// <summary>Does the most urgent compaction; false when none is due.</summary>
    public bool RunOne(CancellationToken cancellation) =>
        TryRun(() => CompactionPicker.Pick(_versions.Current, _levels, _running, _snapshots.OldestSequence(), static table => table.RangeTombstones, _snapshots.Capture().ExpiredUpTo), cancellation);

    /// <summary>Does one step of compacting a range by hand; false when the range is compact.</summary>
    public bool RunManual(KeyRange range, CancellationToken cancellation) =>
        TryRun(() => CompactionPicker.PickManual(_versions.Current, range, _levels, _running, _snapshots.OldestSequence(), _snapshots.Capture().ExpiredUpTo), cancellation);

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

    private bool TryRun(Func<CompactionPlan?> pick, CancellationToken cancellation)
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

            _running.Add(plan);
            floor = _sweep.JobStarted();
        }

        using var measured = _telemetry.BeginJob("compaction");
        JobResult result;
        try
        {
            var (snapshots, expiredUpTo) = _snapshots.Capture();
            result = _job.Run(plan, version, snapshots, expiredUpTo, cancellation);
            _installer.Install(result.Edit);
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
