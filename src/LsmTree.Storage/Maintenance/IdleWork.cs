using LsmTree.Storage.Commits;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>What maintenance does when nobody writes: gives back the space of what was deleted and overwritten, without being asked.</summary>
/// <remarks>
/// <para>Under writes, obsolete entries are dropped as a by-product: sooner or later the writes push them down. When writes end, nothing pushes; a
/// TRUNCATE may sit in a memtable that never fills, with all that it deleted still on the disk. So after a pause in the writes, first the
/// memtable is frozen if what it holds or hides is worth it, then the levels above the last are emptied (<see cref="IdlePicker"/>).</para>
/// <para>The work stops between two jobs as soon as somebody writes again.</para>
/// </remarks>
internal sealed class IdleWork
{
    /// <summary>Bytes of tables under the range tombstones of a memtable that are worth a flush: 64 KiB, what a small table costs.</summary>
    private const long WorthwhileBytes = 64 << 10;

    private readonly ViewCell _views;
    private readonly SequenceClock _clock;
    private readonly CommitQueue _commits;
    private readonly CompactionWork _compaction;
    private readonly TimeProvider _time;
    private ulong _lastSeen;
    private long _lastSeenAt;

    public IdleWork(ViewCell views, SequenceClock clock, CommitQueue commits, CompactionWork compaction, TimeProvider time)
    {
        _time = time;
        _lastSeen = clock.Visible;
        _lastSeenAt = time.GetTimestamp();
        _views = views;
        _clock = clock;
        _commits = commits;
        _compaction = compaction;
    }

    /// <summary>Whether nobody has written for <paramref name="pause"/>, as far as the calls before can tell. For one thread.</summary>
    public bool HavePaused(TimeSpan pause)
    {
        var now = _clock.Visible;
        if (now != _lastSeen)
        {
            _lastSeen = now;
            _lastSeenAt = _time.GetTimestamp();
        }

        return _time.GetElapsedTime(_lastSeenAt) >= pause;
    }

    /// <summary>Does one step; false when there is none, or when somebody has written since <see cref="HavePaused"/>.</summary>
    public bool RunOne(CancellationToken cancellation)
    {
        if (_clock.Visible != _lastSeen)
        {
            return false;
        }

        return IsMemtableWorthFlushing() ? TryFreeze() : _compaction.RunIdle(cancellation);
    }

    private bool TryFreeze()
    {
        try
        {
            return _commits.TryFreeze();
        }
        catch (Exception error) when (error is StoreFullException or FileNotOpenedException)
        {
            // No file for the next log. Nothing is lost by waiting, and it is no compaction that failed; a write that needs the file is told.
            return false;
        }
    }

    private bool IsMemtableWorthFlushing()
    {
        var view = _views.Current;
        if (view.Active.IsEmpty || view.Frozen.Length > 0)
        {
            return false;
        }

        if (view.Active.Bytes > IdlePicker.SlackBytes(view.Version, _compaction.Levels))
        {
            return true;
        }

        return view.Active.HasRangeTombstones && BytesUnder(view) >= WorthwhileBytes;
    }

    private static long BytesUnder(StoreView view)
    {
        long bytes = 0;
        foreach (var list in view.Active.RangeTombstones.Lists)
        {
            foreach (var (start, end, _) in list.VisibleFragments([]))
            {
                var range = new KeyRange(start, end, toIsExclusive: true);
                for (var level = 0; level < Versions.Version.LevelCount && bytes < WorthwhileBytes; level++)
                {
                    bytes += InputSelection.BytesOf(view.Version.Overlapping(level, range));
                }

                if (bytes >= WorthwhileBytes)
                {
                    return bytes;
                }
            }
        }

        return bytes;
    }
}
