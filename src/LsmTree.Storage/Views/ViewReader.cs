using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Views;

/// <summary>Point reads of the current view, without counting it unless a file must be read.</summary>
internal sealed class ViewReader
{
    private readonly ViewCell _views;
    private readonly SequenceClock _clock;
    private readonly StoreCounters _counters;

    public ViewReader(ViewCell views, SequenceClock clock, StoreCounters counters)
    {
        _views = views;
        _clock = clock;
        _counters = counters;
    }

    /// <summary>Finds the value of <paramref name="key"/> as of <paramref name="sequence"/> (null: now).</summary>
    /// <remarks>The value is a piece of a memtable or of a cached block: valid until <see cref="FoundValue.Dispose"/>.</remarks>
    public bool TryFind(ReadOnlySpan<byte> key, ulong? sequence, out FoundValue found)
    {
        var tables = default(TableCounters);
        while (true)
        {
            // The view first, then the number: see StoreView.
            var view = _views.Current;
            var limit = sequence ?? _clock.Visible;
            var outcome = PointLookup.Find(view, key, limit, ReadTier.CacheOnly, ref tables, out var value, out var fromMemtable);
            if (outcome == LookupOutcome.NeedsRead)
            {
                if (!view.TryAcquire())
                {
                    continue;
                }

                try
                {
                    outcome = PointLookup.Find(view, key, limit, ReadTier.Disk, ref tables, out value, out fromMemtable);
                }
                finally
                {
                    view.Release();
                }
            }

            _counters.Reads.Count(fromMemtable, tables);
            found = new FoundValue(view, value);
            return outcome == LookupOutcome.Found;
        }
    }
}
