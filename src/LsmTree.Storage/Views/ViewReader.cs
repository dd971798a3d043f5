using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Views;

/// <summary>Point reads of the current view, without counting it unless a file must be read.</summary>
internal sealed class ViewReader
{
    private readonly ViewCell _views;
    private readonly SequenceClock _clock;
    private readonly ExpiryClock _expiry;
    private readonly StoreCounters _counters;
    private readonly BlockCache _cache;
    private LeaseHandle? _spareLease;

    public ViewReader(ViewCell views, SequenceClock clock, ExpiryClock expiry, StoreCounters counters, BlockCache cache)
    {
        _cache = cache;
        _views = views;
        _clock = clock;
        _expiry = expiry;
        _counters = counters;
    }

    /// <summary>Finds the value of <paramref name="key"/> as of <paramref name="point"/> (null: now).</summary>
    /// <remarks>The value is a piece of a memtable or of a cached block: valid until the caller leaves the <see cref="Memory.ReadSection"/> that it is in.</remarks>
    public bool TryFind(ReadOnlySpan<byte> key, ReadPoint? point, out ReadOnlySpan<byte> value) => TryFind(key, point, out value, out _, out _);

    public bool Contains(ReadOnlySpan<byte> key, ReadPoint? point)
    {
        using var reading = Memory.ReadSection.Enter();
        return TryFind(key, point, out _, out _, out _);
    }

    /// <summary>Finds a value that stays where it is until the lease ends. Allocates nothing but the first handle.</summary>
    public bool TryLease(ReadOnlySpan<byte> key, ReadPoint? point, out HeldValue held)
    {
        using var reading = Memory.ReadSection.Enter();
        while (TryFind(key, point, out var value, out var view, out var frame))
        {
            if (view.TryAcquire())
            {
                if (frame.Exists)
                {
                    frame.Pin();
                }

                var handle = Interlocked.Exchange(ref _spareLease, null) ?? new LeaseHandle(_cache);
                held = new HeldValue(this, handle, handle.Begin(view, frame), value);
                return true;
            }

            // The view has gone meanwhile: look into the one after it.
        }

        held = default;
        return false;
    }

    /// <summary>Ends a lease, unless it has ended.</summary>
    public void EndLease(LeaseHandle handle, int loan)
    {
        if (handle.TryEnd(loan))
        {
            Volatile.Write(ref _spareLease, handle);
        }
    }

    private bool TryFind(ReadOnlySpan<byte> key, ReadPoint? point, out ReadOnlySpan<byte> value, out StoreView view, out BlockFrame frame)
    {
        var tables = default(TableCounters);
        var moment = point is { } chosen ? ReadMoment.At(chosen.Moment) : ReadMoment.Now(_expiry);
        while (true)
        {
            // The view first, then the number: see StoreView. Once closed, the cell leads to memory that was given back.
            _views.ThrowIfClosed();
            view = _views.Current;
            var limit = point?.Sequence ?? _clock.Visible;
            var outcome = PointLookup.Find(view, key, limit, moment, ReadTier.CacheOnly, ref tables, out value, out var fromMemtable);
            if (outcome == LookupOutcome.NeedsRead)
            {
                tables = default; // the lookup begins again
                if (!view.TryAcquire())
                {
                    continue;
                }

                try
                {
                    outcome = PointLookup.Find(view, key, limit, moment, ReadTier.Disk, ref tables, out value, out fromMemtable);
                }
                finally
                {
                    view.Release();
                }
            }

            frame = tables.Frame;
            _counters.Reads.Count(fromMemtable, tables);
            if (PerfContext.Active is { } perf)
            {
                Count(perf, 1, tables);
            }

            return outcome == LookupOutcome.Found;
        }
    }

    /// <summary>Answers every pending key as of <paramref name="point"/> (null: now), all in one moment.</summary>
    public void FindAll(KeyBatch keys, ReadPoint? point)
    {
        var asked = keys.PendingCount;
        if (asked == 0)
        {
            return;
        }

        var tables = default(TableCounters);
        var view = _views.Acquire();
        try
        {
            // The view first, then the number: see StoreView.
            var memtableHits = BatchLookup.Find(view, keys, point ?? new ReadPoint(_clock.Visible, _expiry.Now()), ref tables);
            _counters.Reads.Count(asked, memtableHits, tables);
            if (PerfContext.Active is { } perf)
            {
                Count(perf, asked, tables);
            }
        }
        finally
        {
            view.Release();
        }
    }

    private static void Count(PerfContext perf, int gets, in TableCounters tables)
    {
        perf.MemtableProbes += gets; // each asks the active one
        tables.AddTo(perf);
    }
}
