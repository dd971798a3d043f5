using System.Diagnostics;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Views;

/// <summary>The one mutable reference of the store: which view is current. Every change passes here.</summary>
internal sealed class ViewCell
{
    private readonly object _gate = new(); // a Monitor, because waiters need Wait and Pulse
    private readonly HashSet<StoreView> _live = [];
    private readonly Action _onViewReleased;
    private StoreView _current;
    private long _generation;

    /// <param name="active">The first memtable.</param>
    /// <param name="version">The first version.</param>
    /// <param name="onViewReleased">Called when a view goes: files may have become obsolete. Must not block.</param>
    public ViewCell(Memtable active, Versions.Version version, Action onViewReleased)
    {
        _onViewReleased = onViewReleased;
        _current = new StoreView(active, [], version, Forget);
        _live.Add(_current);
    }

    /// <summary>The current view, uncounted: see <see cref="StoreView"/> for what may be done with it.</summary>
    public StoreView Current => Volatile.Read(ref _current);

    /// <summary>Grows with every change; what <see cref="WaitForChange"/> compares.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>The current view, counted. The caller releases it.</summary>
    public StoreView Acquire()
    {
        while (true)
        {
            var view = Current;
            if (view.TryAcquire())
            {
                return view;
            }
        }
    }

    /// <summary>A fresh memtable becomes active; the present one is frozen in front of the others.</summary>
    public void Rotate(Memtable fresh, ulong nextLogNumber) => Replace(view =>
        new StoreView(fresh, [new FrozenMemtable(view.Active, nextLogNumber), .. view.Frozen], view.Version, Forget));

    /// <summary>A memtable that was filled elsewhere takes the place of the active one, which is empty. Its entries are newer than everything.</summary>
    public void ReplaceActive(Memtable filled) => Replace(view =>
    {
        Debug.Assert(view.Active.IsEmpty, "What is in the active memtable would be lost.");
        return new StoreView(filled, view.Frozen, view.Version, Forget);
    });

    /// <summary>The tables change; <paramref name="flushed"/>, when given, is now one of them and no longer frozen.</summary>
    public void Install(Versions.Version version, FrozenMemtable? flushed = null) => Replace(view =>
        new StoreView(view.Active, flushed is null ? view.Frozen : [.. view.Frozen.Where(frozen => !ReferenceEquals(frozen, flushed))], version, Forget));

    /// <summary>Tables come, and at the same moment a fresh memtable replaces the active one, which is empty: whoever sees later writes sees the tables.</summary>
    public void Install(Versions.Version version, Memtable fresh) => Replace(view => new StoreView(fresh, view.Frozen, version, Forget));

    /// <summary>Wakes everybody in <see cref="WaitForChange"/> without a change: a failure, space that returned, the end.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _generation++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until something changed after <paramref name="generation"/>, or the time is over. Returns whether it changed.</summary>
    public bool WaitForChange(long generation, TimeSpan timeout)
    {
        lock (_gate)
        {
            return _generation != generation || (Monitor.Wait(_gate, timeout) && _generation != generation);
        }
    }

    /// <summary>Calls <paramref name="visit"/> for every view that somebody still reads, the current one included.</summary>
    public void ForEachLive(Action<StoreView> visit)
    {
        lock (_gate)
        {
            foreach (var view in _live)
            {
                visit(view);
            }
        }
    }

    private void Replace(Func<StoreView, StoreView> next)
    {
        StoreView old;
        lock (_gate)
        {
            old = _current;
            var view = next(old);
            _live.Add(view);
            Volatile.Write(ref _current, view);
            _generation++;
            Monitor.PulseAll(_gate);
        }

        old.Release();
    }

    private void Forget(StoreView view)
    {
        lock (_gate)
        {
            _live.Remove(view);
        }

        _onViewReleased();
    }
}
