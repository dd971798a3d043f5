using System.Diagnostics;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Views;

/// <summary>What readers see: one memtable being written, memtables waiting for their flush, and the tables. Immutable, and the only counted type.</summary>
/// <remarks>
/// <para>Files and open tables live as long as a counted view reaches them. Cursors, snapshots of long reads and jobs count (<see cref="TryAcquire"/>,
/// <see cref="Release"/>). A point read that finds everything in memory does not: it is in a <see cref="Memory.ReadSection"/>, which keeps the memtables of
/// any view that it may have met from being freed, and likewise filters, indexes and cached blocks of tables that are closed meanwhile. So an uncounted reader can
/// at worst be told that a block must be read from a file, and then it counts and looks again. That is what keeps reads free of shared writes.</para>
/// <para>Take the view first, then the visible sequence number: the other way round, a compaction between the two could have dropped what the
/// number promises.</para>
/// </remarks>
internal sealed class StoreView
{
    private readonly Action<StoreView> _onReleased;
    private int _references = 1;

    /// <param name="active">The memtable being written.</param>
    /// <param name="frozen">Full memtables, newest first.</param>
    /// <param name="version">The tables.</param>
    /// <param name="onReleased">Called once, by whoever releases last.</param>
    public StoreView(Memtable active, FrozenMemtable[] frozen, Versions.Version version, Action<StoreView> onReleased)
    {
        Active = active;
        Frozen = frozen;
        Version = version;
        _onReleased = onReleased;
    }

    public Memtable Active { get; }

    public FrozenMemtable[] Frozen { get; }

    /// <summary>The pending edits of a transaction that a cursor walks over this view; null for none.</summary>
    public Memtable? Pending { get; init; }

    public Versions.Version Version { get; }

    /// <summary>Whether the view leads to <paramref name="memtable"/>.</summary>
    public bool Holds(Memtable memtable)
    {
        if (ReferenceEquals(Active, memtable) || ReferenceEquals(Pending, memtable))
        {
            return true;
        }

        foreach (var frozen in Frozen)
        {
            if (ReferenceEquals(frozen.Memtable, memtable))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts one more user; false when the last one has gone, and the caller must take the next view.</summary>
    public bool TryAcquire()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    public void Release()
    {
        var references = Interlocked.Decrement(ref _references);
        Debug.Assert(references >= 0, "A view was released more often than it was acquired.");
        if (references == 0)
        {
            _onReleased(this);
        }
    }
}
