using LsmTree.Storage.Compactions;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Maintenance;

/// <summary>Compacts a range on the caller's thread, step by step, beside the background: each step shares the tree with whatever else runs.</summary>
internal sealed class ManualCompaction
{
    /// <summary>Bytes merged between two reports within a step: 1 MiB.</summary>
    private const long ReportInterval = 1L << 20;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);

    private readonly CompactionWork _work;
    private readonly ViewCell _views;
    private readonly StoreHealth _health;
    private readonly KeyRange _range;
    private readonly IProgress<CompactionProgress>? _progress;
    private int _level;
    private long _done; // in steps that are complete
    private long _step; // in the present one, when it is complete
    private long _total;
    private long _reported;

    public ManualCompaction(CompactionWork work, ViewCell views, StoreHealth health, KeyRange range, IProgress<CompactionProgress>? progress)
    {
        _work = work;
        _views = views;
        _health = health;
        _range = range;
        _progress = progress;
    }

    /// <summary>Runs to the end, waiting where the background does a part of it.</summary>
    public void Run(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            _health.ThrowIfFailed();
            var generation = _views.Generation;
            _total = _done + (_progress is null ? 0 : Remaining(_views.Current.Version, _range));
            if (_work.RunManual(_range, Begin, _progress is null ? null : Report, cancellation))
            {
                _done += _step;
                continue;
            }

            if (!_work.IsBusy)
            {
                break;
            }

            using var registration = cancellation.UnsafeRegister(static views => ((ViewCell)views!).Wake(), _views);
            _views.WaitForChange(generation, s_longestWait);
        }

        _progress?.Report(new CompactionProgress(_level, _done, _done));
    }

    /// <summary>Bytes that the steps from here on will merge: on every level what is there and what comes down to it, with what that meets below.</summary>
    private static long Remaining(Version version, KeyRange range)
    {
        var deepest = Version.LastLevel;
        while (deepest > 0 && version.Count(deepest) == 0)
        {
            deepest--;
        }

        long total = 0;
        long coming = 0;
        for (var level = 0; level < deepest; level++)
        {
            coming += InputSelection.BytesOf(version.Overlapping(level, range));
            total += coming == 0 ? 0 : coming + InputSelection.BytesOf(version.Overlapping(level + 1, range));
        }

        return total;
    }

    private void Begin(CompactionPlan plan)
    {
        _level = plan.OutputLevel;
        _step = plan.InputBytes;
        _reported = _done;
        _total = Math.Max(_total, _done + _step);
        _progress?.Report(new CompactionProgress(_level, _done, _total));
    }

    private void Report(long bytes)
    {
        if (_done + bytes - _reported >= ReportInterval)
        {
            _reported = _done + bytes;
            _progress!.Report(new CompactionProgress(_level, _reported, Math.Max(_total, _reported)));
        }
    }
}
