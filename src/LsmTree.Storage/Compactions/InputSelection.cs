using System.Collections.Immutable;
using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>From the tables that somebody wants compacted to a whole plan: what must come along, and what may.</summary>
/// <remarks>
/// What must: every table of the output level that shares a key range with an input, or two tables of the level would overlap afterwards.
/// As no user key is split over two tables of a level, the ends of the inputs are clean by themselves.
/// What may: tables of the upper level that fit between the lower ones, for they cost no further output.
/// </remarks>
internal static class InputSelection
{
    /// <summary>Compacts <paramref name="upper"/>, tables of level <paramref name="level"/>, into a deeper level.</summary>
    public static CompactionPlan IntoBelow(
        Version version, LevelSettings settings, int level, ImmutableArray<TableFile> upper, int outputLevel, CompactionReason reason)
    {
        var lower = version.Overlapping(outputLevel, RangeOf(upper));
        if (lower.IsEmpty)
        {
            return IsWorthMoving(version, settings, level, upper, outputLevel, reason)
                ? new CompactionPlan(CompactionKind.Move, reason, [new CompactionInput(level, upper)], outputLevel)
                : new CompactionPlan(CompactionKind.Merge, reason, [new CompactionInput(level, upper)], outputLevel);
        }

        if (level > 0)
        {
            upper = Expand(version, settings, level, upper, outputLevel, lower);
        }

        return new CompactionPlan(
            CompactionKind.Merge, reason, [new CompactionInput(level, upper), new CompactionInput(outputLevel, lower)], outputLevel);
    }

    /// <summary>
    /// Level 0 from the table at <paramref name="newest"/> to its oldest one, into the base level. Nothing older may stay behind: it would then
    /// stand above newer versions of its keys.
    /// </summary>
    public static CompactionPlan FromLevel0(Version version, LevelSettings settings, int newest, CompactionReason reason)
    {
        var tables = version.Level(0);
        return IntoBelow(version, settings, 0, tables[newest..], LevelTargets.For(version, settings).BaseLevel, reason);
    }

    /// <summary>Rewrites one table where it is.</summary>
    public static CompactionPlan InPlace(int level, TableFile table, CompactionReason reason) =>
        new(CompactionKind.Merge, reason, [new CompactionInput(level, [table])], level);

    public static KeyRange RangeOf(ImmutableArray<TableFile> tables) =>
        tables.Select(static table => table.Info.Range).Aggregate(static (left, right) => left.Union(right));

    public static long BytesOf(ImmutableArray<TableFile> tables) => tables.Sum(static table => table.Info.FileBytes);

    private static ImmutableArray<TableFile> Expand(
        Version version, LevelSettings settings, int level, ImmutableArray<TableFile> upper, int outputLevel, ImmutableArray<TableFile> lower)
    {
        var wider = version.Overlapping(level, RangeOf(upper).Union(RangeOf(lower)));
        return wider.Length > upper.Length
            && BytesOf(wider) + BytesOf(lower) <= settings.MaxExpansionBytes
            && version.Overlapping(outputLevel, RangeOf(wider)).Length == lower.Length
            ? wider
            : upper;
    }

    /// <summary>
    /// A move writes nothing, but it also merges nothing. So it is refused for tombstones, which would travel down for ever without meeting what
    /// they hide; for tables of level 0 that overlap each other or are small; and where the table would come to lie over more of the next level
    /// than a compaction would have allowed.
    /// </summary>
    private static bool IsWorthMoving(
        Version version, LevelSettings settings, int level, ImmutableArray<TableFile> upper, int outputLevel, CompactionReason reason)
    {
        if (reason == CompactionReason.Tombstones)
        {
            return false;
        }

        for (var i = 0; i < upper.Length; i++)
        {
            var info = upper[i].Info;
            var isClean = info.TombstoneCount + info.RangeTombstoneCount == 0;
            var isLargeEnough = level > 0 || info.FileBytes >= settings.TableBytes / 4;
            var isApart = level > 0 || !upper.Skip(i + 1).Any(other => other.Info.Range.Overlaps(info.Range));
            if (!isClean || !isLargeEnough || !isApart || OverlapBelow(version, outputLevel, info.Range) > settings.MaxGrandparentOverlapBytes)
            {
                return false;
            }
        }

        return true;
    }

    private static long OverlapBelow(Version version, int level, KeyRange range) =>
        level == Version.LastLevel ? 0 : BytesOf(version.Overlapping(level + 1, range));
}
