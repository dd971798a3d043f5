using System.Collections.Immutable;

namespace LsmTree.Storage.Versions;

/// <summary>Applies edits to a version and orders the result.</summary>
/// <remarks>A table that moves to another level keeps its <see cref="TableFile"/>, and with it the open handle and the cached blocks.</remarks>
internal sealed class VersionBuilder
{
    private readonly Func<TableInfo, TableFile> _open;
    private readonly Dictionary<ulong, (int Level, TableFile Table)> _tables = [];

    /// <summary>Begins with the tables of <paramref name="start"/>.</summary>
    /// <param name="start">The version to step from.</param>
    /// <param name="open">Makes the object for a table that the version did not have; no I/O is expected of it.</param>
    public VersionBuilder(Version start, Func<TableInfo, TableFile> open)
    {
        _open = open;
        for (var level = 0; level < Version.LevelCount; level++)
        {
            foreach (var table in start.Level(level))
            {
                _tables.Add(table.Number, (level, table));
            }
        }
    }

    /// <summary>Applies one edit, removals first. False, with the reason, when the edit does not fit the version; the builder is then of no more use.</summary>
    public bool TryApply(VersionEdit edit, out string problem)
    {
        var moving = new Dictionary<ulong, TableFile>();
        foreach (var removed in edit.Removed)
        {
            if (!_tables.TryGetValue(removed.Number, out var found) || found.Level != removed.Level)
            {
                problem = $"it removes table {removed.Number} from level {removed.Level}, where no such table is";
                return false;
            }

            _tables.Remove(removed.Number);
            moving.Add(removed.Number, found.Table);
        }

        foreach (var added in edit.Added)
        {
            var known = moving.TryGetValue(added.Info.Number, out var moved);
            if (known && !moved!.Info.Equals(added.Info))
            {
                problem = $"it moves table {added.Info.Number} to level {added.Level} and changes what is known of it";
                return false;
            }

            if (!_tables.TryAdd(added.Info.Number, (added.Level, known ? moved! : _open(added.Info))))
            {
                problem = $"it adds table {added.Info.Number}, which is there already";
                return false;
            }
        }

        problem = "";
        return true;
    }

    /// <summary>The version after the edits, with every level in its order. Not yet validated.</summary>
    public Version Build()
    {
        var levels = new List<TableFile>[Version.LevelCount];
        for (var level = 0; level < levels.Length; level++)
        {
            levels[level] = [];
        }

        foreach (var (level, table) in _tables.Values)
        {
            levels[level].Add(table);
        }

        levels[0].Sort(NewestFirst);
        for (var level = 1; level < levels.Length; level++)
        {
            levels[level].Sort(static (left, right) => left.Info.SmallestKey.AsSpan().SequenceCompareTo(right.Info.SmallestKey));
        }

        return new Version([.. levels.Select(static level => level.ToImmutableArray())]);
    }

    private static int NewestFirst(TableFile left, TableFile right) => right.Info.LargestSequence.CompareTo(left.Info.LargestSequence);
}
