using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>Decides what to compact next. Pure: the same version, settings and running plans give the same plan.</summary>
/// <remarks>
/// <para>In this order: tables that can be dropped unread; the level that is fullest against its target; tombstones that hold back space though no
/// level is full. On the chosen level, the table that costs least for what it takes off: the bytes that it overlaps below against its own,
/// where tombstones count extra.</para>
/// <para>A plan that conflicts with a running one is passed over for the next best. Level 0 is compacted from some table down to the oldest,
/// or, beside a running plan, in a group that shares no key with the rest; never with an older table left behind that shares keys.</para>
/// </remarks>
internal static class CompactionPicker
{
    /// <summary>How much a table full of tombstones is worth, in tables without any: five.</summary>
    private const double TombstoneWeight = 4;

    /// <summary>The next compaction, or null when nothing is due or what is due conflicts with what is running.</summary>
    /// <param name="version">The current version.</param>
    /// <param name="settings">The shape of the tree.</param>
    /// <param name="running">The plans being carried out.</param>
    /// <param name="oldestSnapshot">The sequence number of the oldest snapshot, or of the present when there is none.</param>
    /// <param name="tombstonesOf">The range tombstones of a table; asked only for tables that have some.</param>
    /// <param name="expiredUpTo">What expires at or before this moment has expired for everybody; by default nothing has.</param>
    public static CompactionPlan? Pick(
        Version version,
        LevelSettings settings,
        IReadOnlyCollection<CompactionPlan> running,
        ulong oldestSnapshot,
        Func<TableFile, RangeTombstoneList> tombstonesOf,
        long expiredUpTo = long.MinValue) =>
        Free(CoveredTables.Pick(version, oldestSnapshot, tombstonesOf), running)
        ?? PickBySize(version, settings, running)
        ?? PickByTombstones(version, settings, running, (level, table) => HoldsExpired(table.Info, expiredUpTo) || HoldsBackSpace(version, level, table, oldestSnapshot, tombstonesOf));

    /// <summary>
    /// The next step of bringing every key of <paramref name="range"/> to the last level in use and of dropping what is obsolete there.
    /// Null when no step is left, or when the next one conflicts with a running plan: ask again once that has finished.
    /// </summary>
    /// <remarks>Every step takes at least one table off a level, or all sequence numbers or expired entries out of a table of the last one; so the steps come to an end.</remarks>
    public static CompactionPlan? PickManual(
        Version version, KeyRange range, LevelSettings settings, IReadOnlyCollection<CompactionPlan> running, ulong oldestSnapshot, long expiredUpTo = long.MinValue)
    {
        var newest = IndexOfFirst(version, 0, table => table.Info.Range.Overlaps(range));
        if (newest >= 0)
        {
            return Free(AsMerge(InputSelection.FromLevel0(version, settings, newest, CompactionReason.Manual)), running);
        }

        var deepest = Version.LastLevel;
        while (deepest > 1 && version.Count(deepest) == 0)
        {
            deepest--;
        }

        for (var level = 1; level < deepest; level++)
        {
            var tables = version.Overlapping(level, range);
            if (!tables.IsEmpty)
            {
                return Free(AsMerge(InputSelection.IntoBelow(version, settings, level, [tables[0]], level + 1, CompactionReason.Manual)), running);
            }
        }

        // Rewriting clears a table of what has expired, and of tombstones, hidden versions and sequence numbers when no snapshot is older than what it holds.
        var stale = version.Overlapping(deepest, range)
            .FirstOrDefault(table => table.Info.Expiry?.Earliest <= expiredUpTo || (table.Info.LargestSequence > 0 && table.Info.LargestSequence <= oldestSnapshot));
        return stale is null ? null : Free(InputSelection.InPlace(deepest, stale, CompactionReason.Manual), running);
    }

    private static CompactionPlan? PickBySize(Version version, LevelSettings settings, IReadOnlyCollection<CompactionPlan> running)
    {
        var targets = LevelTargets.For(version, settings);
        var due = Enumerable.Range(0, Version.LastLevel)
            .Select(level => (Level: level, Score: targets.Score(version, level)))
            .Where(static candidate => candidate.Score >= 1)
            .OrderByDescending(static candidate => candidate.Score)
            .ThenBy(static candidate => candidate.Level);
        foreach (var (level, _) in due)
        {
            var plan = level == 0
                ? Free(InputSelection.FromLevel0(version, settings, 0, CompactionReason.Level0), running) ?? PickGroup(version, settings, running)
                : PickCheapest(version, settings, running, level);
            if (plan is not null)
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>With a part of level 0 on its way down, the largest group of the rest that shares no key with it.</summary>
    private static CompactionPlan? PickGroup(Version version, LevelSettings settings, IReadOnlyCollection<CompactionPlan> running)
    {
        if (running.Count == 0)
        {
            return null;
        }

        var baseLevel = LevelTargets.For(version, settings).BaseLevel;
        return Enumerable.Range(0, version.Count(0))
            .Select(index => Level0Overlap.GroupOf(version.Level(0), index))
            .Where(group => group.Length >= settings.Level0Trigger)
            .OrderByDescending(static group => group.Length)
            .Select(group => Free(InputSelection.IntoBelow(version, settings, 0, group, baseLevel, CompactionReason.Level0), running))
            .FirstOrDefault(static plan => plan is not null);
    }

    private static CompactionPlan? PickCheapest(Version version, LevelSettings settings, IReadOnlyCollection<CompactionPlan> running, int level) =>
        version.Level(level)
            .OrderBy(table => Cost(version, level, table.Info))
            .ThenBy(static table => table.Number)
            .Select(table => Free(InputSelection.IntoBelow(version, settings, level, [table], level + 1, CompactionReason.LevelSize), running))
            .FirstOrDefault(static plan => plan is not null);

    private static double Cost(Version version, int level, TableInfo table)
    {
        var overlap = InputSelection.BytesOf(version.Overlapping(level + 1, table.Range));
        return overlap / (Math.Max(table.FileBytes, 1) * (1 + TombstoneWeight * TombstoneDensity(table)));
    }

    private static CompactionPlan? PickByTombstones(
        Version version,
        LevelSettings settings,
        IReadOnlyCollection<CompactionPlan> running,
        Func<int, TableFile, bool> holdsBackSpace)
    {
        for (var level = 0; level < Version.LevelCount; level++)
        {
            for (var index = 0; index < version.Count(level); index++)
            {
                var table = version.Level(level)[index];
                if (!holdsBackSpace(level, table))
                {
                    continue;
                }

                var plan = level switch
                {
                    0 => InputSelection.FromLevel0(version, settings, index, CompactionReason.Tombstones),
                    Version.LastLevel => InputSelection.InPlace(level, table, CompactionReason.Tombstones),
                    _ => InputSelection.IntoBelow(version, settings, level, [table], level + 1, CompactionReason.Tombstones),
                };
                if (Free(plan, running) is not null)
                {
                    return plan;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// True for a table of which half are tombstones, or whose range tombstones reach over more bytes below than it has itself, when no snapshot
    /// needs what they hide. With an older snapshot the work would be for nothing: on the last level even again and again.
    /// </summary>
    private static bool HoldsBackSpace(
        Version version, int level, TableFile table, ulong oldestSnapshot, Func<TableFile, RangeTombstoneList> tombstonesOf)
    {
        var info = table.Info;
        if (info.TombstoneCount + info.RangeTombstoneCount == 0 || info.LargestSequence > oldestSnapshot)
        {
            return false;
        }

        return TombstoneDensity(info) >= 0.5 || (info.RangeTombstoneCount > 0 && CoveredBytes(version, level, tombstonesOf(table)) >= info.FileBytes);
    }

    /// <summary>True for a table of which half has expired, as far as its span can tell. Snapshots do not matter: they have expired it as well.</summary>
    private static bool HoldsExpired(TableInfo info, long expiredUpTo) =>
        info.Expiry is { } expiry && expiry.ExpiredBy(expiredUpTo) >= 0.5 * info.EntryCount;

    /// <summary>Bytes of the tables below that the tombstones reach over; a table that they cover in part counts half.</summary>
    private static long CoveredBytes(Version version, int level, RangeTombstoneList tombstones)
    {
        long bytes = 0;
        foreach (var fragment in tombstones.Fragments())
        {
            var range = new KeyRange(fragment.Start, fragment.End, toIsExclusive: true);
            for (var below = level + 1; below < Version.LevelCount; below++)
            {
                foreach (var table in version.Overlapping(below, range))
                {
                    bytes += range.Covers(table.Info.Range) ? table.Info.FileBytes : table.Info.FileBytes / 2;
                }
            }
        }

        return bytes;
    }

    private static double TombstoneDensity(TableInfo table) =>
        (double)(table.TombstoneCount + table.RangeTombstoneCount) / Math.Max(table.EntryCount + table.RangeTombstoneCount, 1);

    private static int IndexOfFirst(Version version, int level, Func<TableFile, bool> condition)
    {
        var tables = version.Level(level);
        for (var i = 0; i < tables.Length; i++)
        {
            if (condition(tables[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whoever asks for a compaction wants the result of merging, not of moving.</summary>
    private static CompactionPlan AsMerge(CompactionPlan plan) => plan with { Kind = CompactionKind.Merge };

    private static CompactionPlan? Free(CompactionPlan? plan, IReadOnlyCollection<CompactionPlan> running) =>
        plan is not null && running.Any(plan.ConflictsWith) ? null : plan;
}
