using System.Collections.Immutable;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>Finds tables that range tombstones above them hide wholly and from everybody: they can go without being read.</summary>
/// <remarks>
/// A table may go when tombstones of levels above it (on level 0: of newer tables) cover it from end to end, every one of them newer than the
/// newest thing in the table and not newer than the oldest snapshot. The tombstones stay, and go on hiding what lies deeper; so nothing comes
/// back into sight, also not what tombstones of the dropped table itself had hidden.
/// </remarks>
internal static class CoveredTables
{
    public static CompactionPlan? Pick(Version version, ulong oldestSnapshot, Func<TableFile, RangeTombstoneList> tombstonesOf)
    {
        if (!version.Tables.Any(static table => table.Info.RangeTombstoneCount > 0))
        {
            return null;
        }

        var fragments = new List<RangeTombstone>();
        var above = RangeTombstoneList.Empty;
        var covered = new List<CompactionInput>();
        for (var level = 0; level < Version.LevelCount; level++)
        {
            var gone = ImmutableArray.CreateBuilder<TableFile>();
            var added = fragments.Count;
            foreach (var table in version.Level(level))
            {
                if (Hides(above, table.Info, oldestSnapshot))
                {
                    gone.Add(table);
                }

                if (table.Info.RangeTombstoneCount > 0)
                {
                    fragments.AddRange(tombstonesOf(table).Fragments());
                    above = level == 0 ? RangeTombstoneList.From(fragments) : above;
                }
            }

            if (fragments.Count > added && level > 0)
            {
                above = RangeTombstoneList.From(fragments);
            }

            if (gone.Count > 0)
            {
                covered.Add(new CompactionInput(level, gone.ToImmutable()));
            }
        }

        return covered.Count == 0 ? null : new CompactionPlan(CompactionKind.DropCovered, CompactionReason.Tombstones, [.. covered], 0);
    }

    /// <summary>True when the tombstones hide every key between the ends of the table from everybody.</summary>
    private static bool Hides(RangeTombstoneList tombstones, TableInfo table, ulong oldestSnapshot)
    {
        // Fragments come by start, those over one piece newest first: walk from the smallest key as far as they reach without a gap.
        var reached = table.SmallestKey;
        foreach (var fragment in tombstones.FragmentsFrom(table.SmallestKey))
        {
            if (fragment.End.AsSpan().SequenceCompareTo(reached) <= 0)
            {
                continue;
            }

            if (fragment.Start.AsSpan().SequenceCompareTo(reached) > 0)
            {
                return false;
            }

            if (fragment.Sequence > table.LargestSequence && fragment.Sequence <= oldestSnapshot)
            {
                reached = fragment.End;
                var order = reached.AsSpan().SequenceCompareTo(table.LargestKey);
                if (order > 0 || (order == 0 && table.LargestIsExclusive))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
