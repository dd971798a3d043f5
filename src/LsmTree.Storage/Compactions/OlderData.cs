using System.Collections.Immutable;
using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>Answers, for keys asked in ascending order: may something older lie in a table outside this compaction?</summary>
/// <remarks>
/// <para>A tombstone may vanish only when there is nothing left for it to hide. Older data can lie</para>
/// <para>(1) on the levels below the output;</para>
/// <para>(2) when level 0 takes part: on level 0 in tables that stay behind and are not wholly newer than the inputs, and on levels that the
/// compaction jumps over. The picker leaves neither, and this is the second bolt on the door (Badger's issue 2278 resurrected deleted keys by
/// jumping over levels).</para>
/// <para>The other tables of an input's level are disjoint from the input, or newer than everything in it.</para>
/// </remarks>
internal sealed class OlderData
{
    // Sorted, disjoint tables each; a table of level 0 is a run by itself.
    private readonly List<ImmutableArray<TableFile>> _runs;
    private readonly int[] _positions;
    private readonly bool _isUnknown;

    private OlderData(List<ImmutableArray<TableFile>> runs, bool isUnknown = false)
    {
        _runs = runs;
        _positions = new int[runs.Count];
        _isUnknown = isUnknown;
    }

    /// <summary>When nobody has looked: something older may lie anywhere.</summary>
    public static OlderData Unknown => new([], isUnknown: true);

    /// <summary>What may be older than the output of <paramref name="plan"/>.</summary>
    public static OlderData Outside(Version version, CompactionPlan plan)
    {
        var inputs = plan.Tables.Select(static table => table.Number).ToHashSet();
        var runs = new List<ImmutableArray<TableFile>>();
        var newestInput = plan.Inputs.Where(static input => input.Level == 0)
            .SelectMany(static input => input.Tables)
            .Aggregate(0UL, static (newest, table) => Math.Max(newest, table.Info.LargestSequence));
        var hasLevel0 = plan.Inputs.Any(static input => input.Level == 0);
        if (hasLevel0)
        {
            runs.AddRange(version.Level(0)
                .Where(table => !inputs.Contains(table.Number) && table.Info.SmallestSequence < newestInput)
                .Select(static table => ImmutableArray.Create(table)));
        }

        for (var level = 1; level < Version.LevelCount; level++)
        {
            if (level > plan.OutputLevel || (hasLevel0 && level < plan.OutputLevel))
            {
                AddRun(runs, version.Level(level).RemoveAll(table => inputs.Contains(table.Number)));
            }
        }

        return new OlderData(runs);
    }

    /// <summary>What may be older than a memtable: everything.</summary>
    public static OlderData AllOf(Version version)
    {
        var runs = new List<ImmutableArray<TableFile>>();
        runs.AddRange(version.Level(0).Select(static table => ImmutableArray.Create(table)));
        for (var level = 1; level < Version.LevelCount; level++)
        {
            AddRun(runs, version.Level(level));
        }

        return new OlderData(runs);
    }

    /// <summary>True when a table may hold <paramref name="userKey"/>, which is not below the key of the call before.</summary>
    public bool MayHold(ReadOnlySpan<byte> userKey)
    {
        for (var run = 0; run < _positions.Length; run++)
        {
            var tables = _runs[run];
            while (_positions[run] < tables.Length && tables[_positions[run]].Info.Range.EndsBefore(userKey))
            {
                _positions[run]++;
            }

            if (_positions[run] < tables.Length && !tables[_positions[run]].Info.Range.StartsAfter(userKey))
            {
                return true;
            }
        }

        return _isUnknown;
    }

    /// <summary>True when a table may hold a key of <paramref name="range"/>. In any order.</summary>
    public bool MayHoldWithin(KeyRange range)
    {
        foreach (var tables in _runs)
        {
            var first = FirstReaching(tables, range.From);
            if (first < tables.Length && tables[first].Info.Range.Overlaps(range))
            {
                return true;
            }
        }

        return _isUnknown;
    }

    private static int FirstReaching(ImmutableArray<TableFile> tables, byte[] userKey)
    {
        var low = 0;
        var high = tables.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (tables[middle].Info.Range.EndsBefore(userKey))
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

    private static void AddRun(List<ImmutableArray<TableFile>> runs, ImmutableArray<TableFile> tables)
    {
        if (!tables.IsEmpty)
        {
            runs.Add(tables);
        }
    }
}
