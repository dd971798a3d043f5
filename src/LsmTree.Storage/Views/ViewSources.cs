using LsmTree.Storage.Cursors;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Views;

/// <summary>The cursors and range tombstones that a walk over a view needs, and no more than its bounds ask for.</summary>
internal static class ViewSources
{
    public static ICursor CreateCursor(StoreView view, PendingEntries? pending, CursorBounds bounds, bool fillCache, PerfContext? perf)
    {
        var cursors = new List<ICursor>();
        if (pending is { Entries.IsEmpty: false })
        {
            cursors.Add(pending.Entries.CreateCursor());
        }

        if (!view.Active.IsEmpty)
        {
            cursors.Add(view.Active.CreateCursor());
        }

        foreach (var frozen in view.Frozen)
        {
            cursors.Add(frozen.Memtable.CreateCursor());
        }

        if (perf is not null)
        {
            perf.MemtableProbes += cursors.Count;
        }

        foreach (var file in view.Version.Level(0))
        {
            if (Overlaps(file.Info, bounds))
            {
                cursors.Add(file.Open().CreateCursor(fillCache, perf));
            }
        }

        for (var level = 1; level < Versions.Version.LevelCount; level++)
        {
            var files = view.Version.Level(level);
            var first = bounds.Lower is null ? 0 : view.Version.FirstReaching(level, bounds.Lower);
            var end = files.Length;
            if (bounds.Upper is not null)
            {
                // The table that reaches the bound may begin before it; those after it do not.
                end = view.Version.FirstReaching(level, bounds.Upper);
                end += end < files.Length && !bounds.IsPast(files[end].Info.SmallestKey) ? 1 : 0;
            }

            if (end - first == 1)
            {
                cursors.Add(files[first].Open().CreateCursor(fillCache, perf));
            }
            else if (end > first)
            {
                cursors.Add(new Versions.LevelCursor(files[first..end], fillCache, perf));
            }
        }

        return cursors.Count switch
        {
            0 => EmptyCursor.Instance,
            1 => cursors[0],
            _ => new MergingCursor([.. cursors]),
        };
    }

    /// <summary>All committed range tombstones within the bounds, for a reader at <paramref name="limit"/>.</summary>
    public static RangeTombstoneStack CollectTombstones(StoreView view, CursorBounds bounds, ulong limit)
    {
        List<RangeTombstoneList>? lists = null;
        Collect(view.Active.RangeTombstones);
        foreach (var frozen in view.Frozen)
        {
            Collect(frozen.Memtable.RangeTombstones);
        }

        for (var level = 0; level < Versions.Version.LevelCount; level++)
        {
            foreach (var file in view.Version.Level(level))
            {
                if (file.Info.RangeTombstoneCount > 0 && Overlaps(file.Info, bounds))
                {
                    (lists ??= []).Add(file.Open().RangeTombstones);
                }
            }
        }

        return lists is null ? RangeTombstoneStack.Empty : RangeTombstoneStack.Of(lists, limit);

        void Collect(RangeTombstoneStack stack)
        {
            if (!stack.IsEmpty)
            {
                (lists ??= []).AddRange(stack.Lists);
            }
        }
    }

    private static bool Overlaps(Versions.TableInfo info, CursorBounds bounds) =>
        !bounds.IsPast(info.SmallestKey)
        && (bounds.Lower is null || info.LargestKey.AsSpan().SequenceCompareTo(bounds.Lower) >= (info.LargestIsExclusive ? 1 : 0));
}
