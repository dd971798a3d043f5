using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Views;

/// <summary>Many keys in one view: what <see cref="PointLookup"/> does for one, source by source for all.</summary>
/// <remarks>
/// A point lookup goes through all sources for a key; here each source is asked about all keys that are still open, in key order. So a table is entered once,
/// and keys that lie in one block are found in it one after the other. The view is counted: files may be read on the way.
/// </remarks>
internal static class BatchLookup
{
    /// <summary>Answers every pending key as of <paramref name="point"/>.</summary>
    /// <param name="view">The view; counted.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="point">The moment to read.</param>
    /// <param name="counters">Is added to.</param>
    /// <returns>How many keys the memtables answered.</returns>
    public static int Find(StoreView view, KeyBatch keys, in ReadPoint point, ref TableCounters counters)
    {
        var asked = keys.PendingCount;
        FindInMemtable(view.Active, keys, point);
        foreach (var frozen in view.Frozen)
        {
            counters.FrozenProbes += keys.PendingCount;
            FindInMemtable(frozen.Memtable, keys, point);
        }

        var answered = asked - keys.PendingCount;
        foreach (var file in view.Version.Level(0))
        {
            FindInTable(file, keys, 0, keys.PendingCount, point, ref counters);
            keys.RemoveAnswered();
        }

        for (var level = 1; level < Versions.Version.LevelCount && keys.PendingCount > 0; level++)
        {
            FindInLevel(view.Version, level, keys, point, ref counters);
            keys.RemoveAnswered();
        }

        for (var place = 0; place < keys.PendingCount; place++)
        {
            keys.AnswerAbsent(place);
        }

        keys.RemoveAnswered();
        return answered;
    }

    private static void FindInMemtable(Memtable memtable, KeyBatch keys, in ReadPoint point)
    {
        var seek = Trailer.ForSeek(point.Sequence);
        var hasTombstones = memtable.HasRangeTombstones;
        for (var place = 0; place < keys.PendingCount; place++)
        {
            var key = keys.PendingKey(place);
            var covering = hasTombstones ? memtable.RangeTombstones.CoveringSequence(key, point.Sequence) : 0;
            if (memtable.TryGet(key, seek, out var trailer, out var value))
            {
                Answer(keys, place, trailer, covering, point, value);
            }
            else if (covering != 0)
            {
                keys.AnswerAbsent(place);
            }
        }

        keys.RemoveAnswered();
    }

    /// <summary>Hands each table of a level its own stretch of the keys.</summary>
    private static void FindInLevel(Versions.Version version, int level, KeyBatch keys, in ReadPoint point, ref TableCounters counters)
    {
        var tables = version.Level(level);
        var place = 0;
        while (place < keys.PendingCount)
        {
            var index = version.FirstReaching(level, keys.PendingKey(place));
            if (index == tables.Length)
            {
                return;
            }

            var range = tables[index].Info.Range;
            var end = place + 1;
            while (end < keys.PendingCount && !range.EndsBefore(keys.PendingKey(end)))
            {
                end++;
            }

            FindInTable(tables[index], keys, place, end, point, ref counters);
            place = end;
        }
    }

    private static void FindInTable(TableFile file, KeyBatch keys, int from, int end, in ReadPoint point, ref TableCounters counters)
    {
        var seek = Trailer.ForSeek(point.Sequence);
        var hasTombstones = file.Info.RangeTombstoneCount > 0;
        var visit = default(BlockVisit);
        Table? table = null;
        try
        {
            for (var place = from; place < end; place++)
            {
                var key = keys.PendingKey(place);
                if (!file.Info.MayHold(key))
                {
                    continue;
                }

                table ??= file.Open();
                var covering = hasTombstones ? table.RangeTombstones.CoveringSequence(key, point.Sequence) : 0;
                if (table.TryGetAscending(key, seek, ref visit, ref counters, out var trailer, out var value))
                {
                    Answer(keys, place, trailer, covering, point, value);
                }
                else if (covering != 0)
                {
                    keys.AnswerAbsent(place);
                }
            }
        }
        finally
        {
            table?.End(ref visit);
        }
    }

    private static void Answer(KeyBatch keys, int place, ulong trailer, ulong covering, in ReadPoint point, ReadOnlySpan<byte> value)
    {
        if (PointLookup.Resolve(trailer, covering, keys.PendingKey(place), ReadMoment.At(point.Moment), ref value) == LookupOutcome.Found)
        {
            keys.AnswerFound(place, value);
        }
        else
        {
            keys.AnswerAbsent(place);
        }
    }
}
