using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>How deep a table that was loaded, and is newer than the whole tree, may be placed.</summary>
/// <remarks>
/// <para>For each key a level must be newer than the levels below it. So the table goes above everything that shares its range; on level 0 it may always
/// go, as the newest. It must not go where a running compaction writes over its range either: two tables of the level would overlap.</para>
/// <para>A compaction that writes to a level <em>above</em> the chosen one may come to span the table's range without a key in it: its inputs lie on its output
/// level and above, and none of them shares the range. One that writes further down holds what is older.</para>
/// </remarks>
internal static class LoadLevel
{
    /// <summary>The level for a table over <paramref name="range"/>.</summary>
    /// <param name="version">The current version.</param>
    /// <param name="settings">The shape of the tree.</param>
    /// <param name="range">The keys of the table.</param>
    /// <param name="loadBytes">Bytes of all tables of the load: one above the base size is worth a level of its own above the base level (<see cref="LevelTargets"/>); a smaller one goes to level 0 instead.</param>
    /// <param name="running">Every plan that is being carried out.</param>
    public static int For(Version version, LevelSettings settings, KeyRange range, long loadBytes, IReadOnlyCollection<CompactionPlan> running)
    {
        var highest = loadBytes > settings.BaseLevelBytes ? 1 : LevelTargets.For(version, settings).BaseLevel;
        var deepest = 0;
        for (var level = 0; level < Version.LevelCount && version.Overlapping(level, range).IsEmpty; level++)
        {
            if (level >= highest && !running.Any(plan => plan.Kind != CompactionKind.DropCovered && plan.OutputLevel == level && plan.Range.Overlaps(range)))
            {
                deepest = level;
            }
        }

        return deepest;
    }
}
