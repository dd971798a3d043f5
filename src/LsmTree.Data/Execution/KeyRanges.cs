using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Rows;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>From a path of a plan, and the parameters of an execution, to bytes of keys.</summary>
/// <remarks>
/// Every end of a range is a cut between two neighbouring keys: before all keys that begin with some bytes, or after them. "Before" is those
/// bytes; "after" is the next bytes that do not begin with them, or, when they are a whole key, the bytes and a zero.
/// <code>
/// (a, b) &gt;= (1, 2)   before 1·2         a &gt; 1    after 1·
/// (a, b) &lt;  (1, 2)   before 1·2         a &lt;= 1   after 1·
/// </code>
/// A value that the column's type does not have is replaced by the greatest lesser one, with the cut after it; see <see cref="Bound"/>.
/// </remarks>
internal static class KeyRanges
{
    /// <summary>All keys of a table.</summary>
    public static KeyRange OfTable(TableSchema table)
    {
        var key = new KeyWriter(stackalloc byte[sizeof(uint)]);
        table.Shape.WriteKeyStart(ref key);
        return new KeyRange(key.Written.ToArray(), Increment(key.Written), IsEmpty: false);
    }

    public static KeyRange Resolve(TableSchema table, RangePath path, EvaluationFrame frame)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            table.Shape.WriteKeyStart(ref key);
            return TryWriteColumns(ref key, table, path.Prefix, frame) ? Narrow(ref key, table, path, frame) : KeyRange.Empty;
        }
        finally
        {
            key.Dispose();
        }
    }

    /// <summary>The ranges that hold any key, in ascending order, each once.</summary>
    public static List<KeyRange> Resolve(TableSchema table, MultiRangePath path, EvaluationFrame frame)
    {
        var ranges = new List<KeyRange>(path.Prefixes.Count);
        for (var i = 0; i < path.Prefixes.Count; i++)
        {
            var range = Resolve(table, path.RangeOf(i), frame);
            if (!range.IsEmpty)
            {
                ranges.Add(range);
            }
        }

        // Ranges of different prefixes do not meet, and those of equal ones are the same.
        ranges.Sort(static (left, right) => left.Lower.AsSpan().SequenceCompareTo(right.Lower));
        var kept = 0;
        for (var i = 0; i < ranges.Count; i++)
        {
            if (kept == 0 || !ranges[i].Lower.AsSpan().SequenceEqual(ranges[kept - 1].Lower))
            {
                ranges[kept++] = ranges[i];
            }
        }

        ranges.RemoveRange(kept, ranges.Count - kept);
        return ranges;
    }

    /// <summary>Writes a whole key; false when a value is NULL or one that the column cannot hold, so that there is no such row.</summary>
    public static bool TryWritePoint(ref KeyWriter key, TableSchema table, IReadOnlyList<BoundExpression> values, EvaluationFrame frame)
    {
        table.Shape.WriteKeyStart(ref key);
        return TryWriteColumns(ref key, table, values, frame);
    }

    /// <summary>The keys of a list of points that can exist, sorted the way they are read, each once.</summary>
    public static List<byte[]> Points(TableSchema table, IReadOnlyList<IReadOnlyList<BoundExpression>> points, ScanOrder order, EvaluationFrame frame)
    {
        var keys = new List<byte[]>(points.Count);
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            foreach (var point in points)
            {
                key.Truncate(0);
                if (TryWritePoint(ref key, table, point, frame))
                {
                    keys.Add(key.Written.ToArray());
                }
            }
        }
        finally
        {
            key.Dispose();
        }

        keys.Sort(order == ScanOrder.Ascending
            ? static (left, right) => left.AsSpan().SequenceCompareTo(right)
            : static (left, right) => right.AsSpan().SequenceCompareTo(left));
        RemoveRepeated(keys);
        return keys;
    }

    private static bool TryWriteColumns(ref KeyWriter key, TableSchema table, IReadOnlyList<BoundExpression> values, EvaluationFrame frame)
    {
        for (var i = 0; i < values.Count; i++)
        {
            values[i].Evaluate(frame, out var value);
            if (value.IsNull || IsNaN(value) || Bound.Floor(value, table.KeyColumns[i].Type, out var exact) != BoundFit.Exact)
            {
                return false;
            }

            table.Shape.WriteKeyColumn(ref key, i, exact);
        }

        return true;
    }

    private static KeyRange Narrow(ref KeyWriter key, TableSchema table, RangePath path, EvaluationFrame frame)
    {
        var start = key.Length;
        var lower = key.Written.ToArray();
        var upper = Increment(key.Written);
        if (path.Like is not null && !TryNarrowToPrefix(ref key, table, path, frame, ref lower, ref upper))
        {
            return KeyRange.Empty;
        }

        foreach (var bound in path.Lower)
        {
            key.Truncate(start);
            if (!TryCut(ref key, table, path.Prefix.Count, bound, isLower: true, frame, out var cut) || cut is null)
            {
                return KeyRange.Empty;
            }

            lower = cut.AsSpan().SequenceCompareTo(lower) > 0 ? cut : lower;
        }

        foreach (var bound in path.Upper)
        {
            key.Truncate(start);
            if (!TryCut(ref key, table, path.Prefix.Count, bound, isLower: false, frame, out var cut))
            {
                return KeyRange.Empty;
            }

            upper = cut is null || (upper is not null && upper.AsSpan().SequenceCompareTo(cut) <= 0) ? upper : cut;
        }

        return upper is not null && lower.AsSpan().SequenceCompareTo(upper) >= 0 ? KeyRange.Empty : new KeyRange(lower, upper, IsEmpty: false);
    }

    private static bool TryNarrowToPrefix(ref KeyWriter key, TableSchema table, RangePath path, EvaluationFrame frame, ref byte[] lower, ref byte[]? upper)
    {
        if (path.Like!.ParsePattern(frame) is not { } pattern)
        {
            return false;
        }

        var position = path.Prefix.Count;
        key.WritePrefix(pattern.Prefix, table.KeyColumns[position].Type, position == table.KeyColumns.Count - 1);
        lower = key.Written.ToArray();
        upper = Increment(key.Written);
        return true;
    }

    /// <summary>Finds the cut of a bound; null when it is after all keys. False when the bound is NULL, and so holds for no row.</summary>
    private static bool TryCut(ref KeyWriter key, TableSchema table, int position, KeyBound bound, bool isLower, EvaluationFrame frame, out byte[]? cut)
    {
        var isAfter = bound.Inclusive != isLower;
        var isWholeKey = position + bound.Values.Count == table.KeyColumns.Count;
        cut = null;
        for (var i = 0; i < bound.Values.Count; i++)
        {
            bound.Values[i].Evaluate(frame, out var value);
            if (value.IsNull)
            {
                if (i == 0)
                {
                    return false;
                }

                // Rows that are equal so far compare as unknown: a lower end comes after them, an upper end before.
                (isAfter, isWholeKey) = (isLower, false);
                break;
            }

            var fit = Bound.Floor(value, table.KeyColumns[position + i].Type, out var floor);
            if (fit == BoundFit.BelowAll)
            {
                (isAfter, isWholeKey) = (false, false);
                break;
            }

            table.Shape.WriteKeyColumn(ref key, position + i, floor);
            if (fit == BoundFit.Between)
            {
                isAfter = true;
                isWholeKey = position + i + 1 == table.KeyColumns.Count;
                break;
            }
        }

        cut = !isAfter ? key.Written.ToArray() : isWholeKey ? [.. key.Written, 0] : Increment(key.Written);
        return true;
    }

    /// <summary>The least bytes above everything that begins with these; null when there are none.</summary>
    private static byte[]? Increment(ReadOnlySpan<byte> bytes)
    {
        var last = bytes.LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
        {
            return null;
        }

        var next = bytes[..(last + 1)].ToArray();
        next[last]++;
        return next;
    }

    private static void RemoveRepeated(List<byte[]> sorted)
    {
        var kept = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (kept == 0 || !sorted[i].AsSpan().SequenceEqual(sorted[kept - 1]))
            {
                sorted[kept++] = sorted[i];
            }
        }

        sorted.RemoveRange(kept, sorted.Count - kept);
    }

    private static bool IsNaN(in SqlValue value) => SqlTypes.IsFloating(value.Type) && double.IsNaN(value.AsDouble());
}
