using System.Diagnostics;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>Turns the oldest frozen memtable into a table of level 0. One at a time, in the order of age.</summary>
internal sealed class FlushWork
{
    private readonly ViewCell _views;
    private readonly SnapshotList _snapshots;
    private readonly VersionSet _versions;
    private readonly FlushJob _job;
    private readonly VersionInstaller _installer;
    private readonly TableSweep _sweep;
    private readonly StoreCounters _counters;
    private readonly StoreTelemetry _telemetry;
    private readonly EventRelay _events;
    private readonly string _directory;
    private readonly Lock _oneAtATime = new();

    public FlushWork(ViewCell views, SnapshotList snapshots, VersionSet versions, FlushJob job, VersionInstaller installer, TableSweep sweep, StoreCounters counters, StoreTelemetry telemetry, EventRelay events, string directory)
    {
        _views = views;
        _snapshots = snapshots;
        _versions = versions;
        _job = job;
        _installer = installer;
        _sweep = sweep;
        _counters = counters;
        _telemetry = telemetry;
        _events = events;
        _directory = directory;
    }

    /// <summary>Flushes one memtable; false when none is frozen.</summary>
    public bool RunOne()
    {
        var start = _events.Now;
        JobResult? done;
        lock (_oneAtATime)
        {
            done = RunOneLocked(start);
        }

        if (done is not { } result)
        {
            return false;
        }

        _events.TellCreated(_directory, result.Edit);
        _events.Tell(listener => listener.OnFlushCompleted(new FlushCompleted(result.Edit.Added.Count, result.EntriesRead, result.EntriesWritten, result.BytesWritten, _events.Since(start))));
        return true;
    }

    private JobResult? RunOneLocked(long start)
    {
        Debug.Assert(_oneAtATime.IsHeldByCurrentThread, "Memtables are flushed one at a time.");
        var frozen = _views.Current.Frozen;
        if (frozen.Length == 0)
        {
            return null;
        }

        var oldest = frozen[^1];
        var floor = _sweep.JobStarted();
        try
        {
            using var measured = _telemetry.BeginJob("flush");
            using var entries = oldest.Memtable.CreateCursor();
            var (snapshots, expiredUpTo) = _snapshots.Capture();
            var result = _job.Run(entries, oldest.Memtable.MergeRangeTombstones(), snapshots, _versions.Current, expiredUpTo);
            _installer.Install(result.Edit with { LogNumber = oldest.NextLogNumber, LastSequence = oldest.Memtable.LastSequence }, oldest);
            _counters.Levels[0].Count(0, result.BytesWritten, _events.Since(start));
            Interlocked.Add(ref _counters.FlushBytesWritten, result.BytesWritten);
            Interlocked.Increment(ref _counters.Flushes);
            measured?.Completed(result.BytesRead, result.BytesWritten);
            return result;
        }
        finally
        {
            _sweep.JobEnded(floor);
        }
    }
}
