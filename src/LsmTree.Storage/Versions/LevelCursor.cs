using System.Collections.Immutable;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Versions;

/// <summary>Walks the sorted, disjoint tables of a level as one run; opens a table only when the walk gets there.</summary>
/// <remarks>
/// Invariant: <c>_table</c> is the cursor of <c>_tables[_index]</c>, or null when the cursor is at no entry because it never was at one or
/// ran off an end. A table of range tombstones alone has no entries and is stepped over.
/// </remarks>
internal sealed class LevelCursor : ICursor, IPlainRun
{
    private readonly ImmutableArray<TableFile> _tables;
    private readonly bool _fillCache;
    private readonly PerfContext? _perf;
    private TableCursor? _table;
    private int _index = -1;

    /// <summary>A cursor over <paramref name="tables"/>, which are sorted and disjoint.</summary>
    /// <param name="tables">Tables of one level from 1 on, or a slice of them.</param>
    /// <param name="fillCache">Whether blocks read on the way stay in the block cache; false for compactions and large scans.</param>
    /// <param name="perf">Where the costs are counted; null for nowhere.</param>
    public LevelCursor(ImmutableArray<TableFile> tables, bool fillCache, PerfContext? perf = null)
    {
        _perf = perf;
        _tables = tables;
        _fillCache = fillCache;
    }

    public bool IsValid => _table is { IsValid: true };

    public ReadOnlySpan<byte> Key => _table!.Key;

    public ulong Trailer => _table!.Trailer;

    public ReadOnlySpan<byte> Value => _table!.Value;

    public BlockCursor? PlainBlock => _table?.PlainBlock;

    public void SeekToFirst()
    {
        if (Enter(0))
        {
            _table!.SeekToFirst();
            LeaveForwardWhileAtNone();
        }
    }

    public void SeekToLast()
    {
        if (Enter(_tables.Length - 1))
        {
            _table!.SeekToLast();
            LeaveBackwardWhileAtNone();
        }
    }

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        if (Enter(FirstReaching(userKey)))
        {
            _table!.Seek(userKey, trailer);
            LeaveForwardWhileAtNone();
        }
    }

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        // The last table that begins at or before the key: newer versions of the key itself also come before the trailer.
        var index = FirstReaching(userKey);
        if (index == _tables.Length || _tables[index].Info.Range.StartsAfter(userKey))
        {
            index--;
        }

        if (Enter(index))
        {
            _table!.SeekBefore(userKey, trailer);
            LeaveBackwardWhileAtNone();
        }
    }

    public void Next()
    {
        _table!.Next();
        if (!_table.IsValid)
        {
            LeaveForwardWhileAtNone();
        }
    }

    public void Prev()
    {
        _table!.Prev();
        if (!_table.IsValid)
        {
            LeaveBackwardWhileAtNone();
        }
    }

    /// <summary>
    /// At the first entry of a block that holds one Put for each of its keys, all below the bound: moves to the first entry behind the
    /// block without decoding it, and gives the number of entries passed. Otherwise false, and the cursor has not moved.
    /// </summary>
    public bool TrySkipPlainBlock(ReadOnlySpan<byte> upperBound, bool hasUpperBound, out int count)
    {
        if (_table is null || !_table.TrySkipPlainBlock(upperBound, hasUpperBound, out count))
        {
            count = 0;
            return false;
        }

        LeaveForwardWhileAtNone();
        return true;
    }

    public void Dispose() => Leave();

    private int FirstReaching(ReadOnlySpan<byte> userKey)
    {
        var low = 0;
        var high = _tables.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_tables[middle].Info.Range.EndsBefore(userKey))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private bool Enter(int index)
    {
        if (index < 0 || index >= _tables.Length)
        {
            Leave();
            return false;
        }

        if (_index != index || _table is null)
        {
            Leave();
            _table = _tables[index].Open().CreateCursor(_fillCache, _perf);
            _index = index;
        }

        return true;
    }

    private void Leave()
    {
        _table?.Dispose();
        _table = null;
        _index = -1;
    }

    private void LeaveForwardWhileAtNone()
    {
        while (!_table!.IsValid && Enter(_index + 1))
        {
            _table.SeekToFirst();
        }
    }

    private void LeaveBackwardWhileAtNone()
    {
        while (!_table!.IsValid && Enter(_index - 1))
        {
            _table.SeekToLast();
        }
    }
}
