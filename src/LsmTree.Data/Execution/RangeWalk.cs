using LsmTree.Data.Planning;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>Steps through several ranges of keys with one cursor: to the end of a range, and by a seek to the next one that has a key.</summary>
internal sealed class RangeWalk(StoreCursor cursor, List<KeyRange> ranges, ScanOrder order)
{
    private KeyRange _range = KeyRange.Empty;
    private int _entered;

    public bool Step()
    {
        if (!_range.IsEmpty && (order == ScanOrder.Ascending ? cursor.Next() : cursor.Prev()) && Contains(cursor.Key))
        {
            return true;
        }

        while (_entered < ranges.Count)
        {
            _range = order == ScanOrder.Ascending ? ranges[_entered] : ranges[^(_entered + 1)];
            _entered++;
            if (Seek() && Contains(cursor.Key))
            {
                return true;
            }
        }

        _range = KeyRange.Empty;
        return false;
    }

    private bool Seek()
    {
        if (order == ScanOrder.Ascending)
        {
            return cursor.Seek(_range.Lower);
        }

        if (_range.Upper is null)
        {
            return cursor.SeekToLast();
        }

        // The upper end does not belong to the range, but it may be a key.
        return cursor.SeekForPrev(_range.Upper) && (!cursor.Key.SequenceEqual(_range.Upper) || cursor.Prev());
    }

    private bool Contains(ReadOnlySpan<byte> key) =>
        key.SequenceCompareTo(_range.Lower) >= 0 && (_range.Upper is null || key.SequenceCompareTo(_range.Upper) < 0);
}
