using System.Diagnostics;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Views;

/// <summary>The one mutable reference of the store: which view is current. Every change passes here, and so does every view that goes.</summary>
/// <remarks>
/// A memtable goes when no live view leads to it: then nobody can find it any more, and when those who may have found it before have left their
/// <see cref="ReadSection"/>, its memory is given back. The pending edits of a transaction go the same way, once the transaction has let go of them
/// (<see cref="LetGo"/>). Nothing is counted for that: whenever a view goes, the views that are left are looked through.
/// </remarks>
internal sealed class ViewCell : IDisposable
{
    private readonly object _gate = new(); // a Monitor, because waiters need Wait and Pulse
    private readonly HashSet<StoreView> _live = [];
    private readonly HashSet<Memtable> _letGo = []; // by whoever made them, and in a view all the same
    private readonly Action _onViewReleased;
    private StoreView _current;
    private long _generation;
    private bool _isClosed;

    /// <param name="active">The first memtable.</param>
    /// <param name="version">The first version.</param>
    /// <param name="onViewReleased">Called when a view goes: files may have become obsolete. Must not block.</param>
    public ViewCell(Memtable active, Versions.Version version, Action onViewReleased)
    {
        _onViewReleased = onViewReleased;
        _current = new StoreView(active, [], version, Forget);
        _live.Add(_current);
    }

    /// <summary>A store that was dropped and not disposed must not cost the process its memory.</summary>
    ~ViewCell() => Dispose();

    /// <summary>The current view, uncounted: see <see cref="StoreView"/> for what may be done with it.</summary>
    public StoreView Current => Volatile.Read(ref _current);

    /// <summary>Grows with every change; what <see cref="WaitForChange"/> compares.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>The current view, counted. The caller releases it.</summary>
    /// <exception cref="ObjectDisposedException">The cell was disposed.</exception>
    public StoreView Acquire()
    {
        while (true)
        {
            var view = Current;
            if (view.TryAcquire())
            {
                return view;
            }

            ThrowIfClosed();
        }
    }

    /// <summary>A view of the present moment with the pending edits of a transaction on top, counted for its one user, who releases it.</summary>
    /// <exception cref="ObjectDisposedException">The cell was disposed.</exception>
    public StoreView AcquireUnder(Memtable pending)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            var view = new StoreView(_current.Active, _current.Frozen, _current.Version, Forget) { Pending = pending };
            _live.Add(view);
            return view;
        }
    }

    /// <summary>Takes over from whoever made <paramref name="memtable"/>: it is freed now, or when the last view that leads to it goes.</summary>
    public void LetGo(Memtable memtable)
    {
        lock (_gate)
        {
            if (IsReachableLocked(memtable))
            {
                _letGo.Add(memtable);
                return;
            }
        }

        memtable.Free();
    }

    /// <exception cref="ObjectDisposedException">The cell was disposed.</exception>
    public void ThrowIfClosed()
    {
#pragma warning disable CA1513 // the helper would name this type; callers know the store, whose type this floor does not
        if (Volatile.Read(ref _isClosed))
        {
            throw new ObjectDisposedException("LsmStore");
        }
#pragma warning restore CA1513
    }

    /// <summary>Lets go of the current view. What cursors and other counted users hold stays until they release it. No change may come afterwards.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            Volatile.Write(ref _isClosed, true);
        }

        _current.Release();
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
            ThrowIfClosed();
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
        List<Memtable>? gone = null;
        lock (_gate)
        {
            _live.Remove(view);
            AddIfGoneLocked(view.Active, ref gone);
            foreach (var frozen in view.Frozen)
            {
                AddIfGoneLocked(frozen.Memtable, ref gone);
            }

            if (view.Pending is { } pending && _letGo.Contains(pending))
            {
                AddIfGoneLocked(pending, ref gone);
            }
        }

        if (gone is not null)
        {
            GracePeriod.Await(() => gone.ForEach(static memtable => memtable.Free()));
        }

        _onViewReleased();
    }

    private void AddIfGoneLocked(Memtable memtable, ref List<Memtable>? gone)
    {
        if (!IsReachableLocked(memtable))
        {
            _letGo.Remove(memtable);
            (gone ??= []).Add(memtable);
        }
    }

    private bool IsReachableLocked(Memtable memtable)
    {
        foreach (var view in _live)
        {
            if (view.Holds(memtable))
            {
                return true;
            }
        }

        return false;
    }
}
