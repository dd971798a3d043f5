using System.Collections.Immutable;

namespace LsmTree.Storage.Versions;

/// <summary>Which tables exist, and on which level: one immutable moment.</summary>
/// <remarks>
/// <code>
///   level 0   [c ——— x]#91-120  [a ———— p]#60-90       newest first; keys overlap, sequence numbers do not
///   level 5   [a — f] [g —— m) [m ——— z]               sorted; no two share a key
///   level 6   [a – c] [c' – h] [i – r] [s – z]         older than everything above it, key by key
/// </code>
/// <para>Invariants, checked whenever a version is installed:</para>
/// <para>(1) no table number occurs twice, and no table is empty;</para>
/// <para>(2) level 0 is ordered by sequence number, newest first, and the sequence ranges of its tables are disjoint: a point read may stop at
/// the first table that knows the key;</para>
/// <para>(3) the tables of a deeper level are sorted and disjoint by <em>user key</em>: the versions of one key are never split over two files.
/// With a split, compacting the file with the newer versions down would leave the older ones above them (LevelDB's issue 320).</para>
/// <para>Not checkable here, but kept by compaction: for one key, what a level holds is newer than what the levels below it hold.</para>
/// </remarks>
internal sealed class Version
{
    /// <summary>Levels 0 to 6, as in LevelDB, RocksDB and Pebble.</summary>
    public const int LevelCount = 7;

    /// <summary>The deepest level.</summary>
    public const int LastLevel = LevelCount - 1;

    public static readonly Version Empty = new([.. Enumerable.Repeat(ImmutableArray<TableFile>.Empty, LevelCount)]);

    private readonly ImmutableArray<TableFile>[] _levels;
    // The upper ends of each level's tables beside one another: what a binary search touches.
    private readonly byte[][][] _largestKeys = new byte[LevelCount][][];
    private readonly long[] _levelBytes = new long[LevelCount];

    /// <summary>A version of these tables, already in the order of their levels. See <see cref="VersionBuilder"/>.</summary>
    public Version(IReadOnlyList<ImmutableArray<TableFile>> levels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(levels.Count, LevelCount);
        _levels = [.. levels];
        for (var level = 0; level < LevelCount; level++)
        {
            _largestKeys[level] = [.. _levels[level].Select(static table => table.Info.LargestKey)];
            _levelBytes[level] = _levels[level].Sum(static table => table.Info.FileBytes);
            LargestSequence = _levels[level].Aggregate(LargestSequence, static (largest, table) => Math.Max(largest, table.Info.LargestSequence));
            TableCount += _levels[level].Length;
            TotalBytes += _levelBytes[level];
        }
    }

    public int TableCount { get; }

    /// <summary>No entry of any table has a larger sequence number; 0 without tables.</summary>
    public ulong LargestSequence { get; }

    /// <summary>Bytes of all table files.</summary>
    public long TotalBytes { get; }

    /// <summary>Every table, level by level.</summary>
    public IEnumerable<TableFile> Tables => _levels.SelectMany(static level => level);

    public ImmutableArray<TableFile> Level(int level) => _levels[level];

    /// <summary>Bytes of the table files of a level.</summary>
    public long Bytes(int level) => _levelBytes[level];

    public int Count(int level) => _levels[level].Length;

    /// <summary>The one table of a level from 1 on that may hold <paramref name="userKey"/>, or null.</summary>
    public TableFile? FindTable(int level, ReadOnlySpan<byte> userKey)
    {
        var index = FirstReaching(level, userKey);
        var tables = _levels[level];
        return index < tables.Length && userKey.SequenceCompareTo(tables[index].Info.SmallestKey) >= 0 ? tables[index] : null;
    }

    /// <summary>The index of the first table of a level from 1 on that does not end before <paramref name="userKey"/>; the count of tables when all do.</summary>
    public int FirstReaching(int level, ReadOnlySpan<byte> userKey)
    {
        var largestKeys = _largestKeys[level];
        var low = 0;
        var high = largestKeys.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = largestKeys[middle].AsSpan().SequenceCompareTo(userKey);
            if (order < 0 || (order == 0 && _levels[level][middle].Info.LargestIsExclusive))
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

    /// <summary>The tables of a level that may hold keys of <paramref name="range"/>, in the order of the level.</summary>
    public ImmutableArray<TableFile> Overlapping(int level, KeyRange range)
    {
        var tables = _levels[level];
        if (level == 0)
        {
            return tables.RemoveAll(table => !table.Info.Range.Overlaps(range));
        }

        var first = FirstReaching(level, range.From);
        var end = first;
        while (end < tables.Length && tables[end].Info.Range.Overlaps(range))
        {
            end++;
        }

        return first == 0 && end == tables.Length ? tables : tables.Slice(first, end - first);
    }

    /// <summary>Throws when an invariant of the type does not hold. The message names the level and the tables.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public void Validate()
    {
        var violation = FindViolation();
        if (violation is not null)
        {
            throw new InvalidOperationException($"A version that breaks the order of its levels must not be installed: {violation}.");
        }
    }

    /// <summary>The first invariant that does not hold, in words, or null.</summary>
    public string? FindViolation()
    {
        var numbers = new HashSet<ulong>();
        for (var level = 0; level < LevelCount; level++)
        {
            foreach (var table in _levels[level])
            {
                if (!numbers.Add(table.Number))
                {
                    return $"table {table.Number} occurs twice, the second time on level {level}";
                }

                if (FindViolation(table.Info) is { } violation)
                {
                    return $"{table.Info} on level {level} {violation}";
                }
            }

            for (var i = 1; i < _levels[level].Length; i++)
            {
                var before = _levels[level][i - 1].Info;
                var after = _levels[level][i].Info;
                if (level == 0 && before.SmallestSequence <= after.LargestSequence)
                {
                    return $"on level 0, {before} does not come wholly after {after} in time";
                }

                if (level > 0 && !before.Range.EndsBefore(after.SmallestKey))
                {
                    return $"on level {level}, {before} does not end before {after} begins";
                }
            }
        }

        return null;
    }

    private static string? FindViolation(TableInfo info)
    {
        var order = info.SmallestKey.AsSpan().SequenceCompareTo(info.LargestKey);
        if (order > 0 || (order == 0 && info.LargestIsExclusive))
        {
            return "has no key between its ends";
        }

        if (info.SmallestSequence > info.LargestSequence)
        {
            return "has its sequence numbers the wrong way round";
        }

        return info.EntryCount + info.RangeTombstoneCount > 0 ? null : "is empty";
    }
}
