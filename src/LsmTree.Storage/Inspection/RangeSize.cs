using LsmTree.Storage.Memtables;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Inspection;

/// <summary>How many bytes a range of keys takes, without reading it.</summary>
/// <remarks>
/// A table that lies wholly within the range counts with its file's size. Of one that reaches out of it, the blocks between the two ends are counted, as the index tells
/// them: at most one block too much at either end, and without its share of filter and index. Memtables are walked, and their entries counted exactly.
/// </remarks>
internal static class RangeSize
{
    public static long Of(StoreView view, byte[] from, byte[]? to)
    {
        if (to is not null && from.AsSpan().SequenceCompareTo(to) >= 0)
        {
            return 0;
        }

        var bytes = InMemtable(view.Active, from, to);
        foreach (var frozen in view.Frozen)
        {
            bytes += InMemtable(frozen.Memtable, from, to);
        }

        foreach (var table in view.Version.Tables)
        {
            bytes += InTable(table, from, to);
        }

        return bytes;
    }

    private static long InTable(TableFile table, byte[] from, byte[]? to)
    {
        var range = new KeyRange(from, to, toIsExclusive: true);
        if (!range.Overlaps(table.Info.Range))
        {
            return 0;
        }

        if (range.Covers(table.Info.Range))
        {
            return table.Info.FileBytes;
        }

        var open = table.Open();
        var end = to is null ? open.DataBytes : open.OffsetBehind(to);
        return Math.Max(0, end - open.OffsetOf(from));
    }

    private static long InMemtable(Memtable memtable, byte[] from, byte[]? to)
    {
        long bytes = 0;
        using var entries = memtable.CreateCursor();
        for (entries.Seek(from, ulong.MaxValue); entries.IsValid && (to is null || entries.Key.SequenceCompareTo(to) < 0); entries.Next())
        {
            bytes += entries.Key.Length + entries.Value.Length + sizeof(ulong);
        }

        return bytes;
    }
}
