using System.Collections.Immutable;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>How the tables of level 0 lie over one another.</summary>
internal static class Level0Overlap
{
    /// <summary>The most tables that share a key: what a read may have to ask, however many tables there are beside it.</summary>
    public static int Depth(ImmutableArray<TableFile> tables)
    {
        // The deepest place can be found at the beginning of a table.
        var deepest = 0;
        foreach (var table in tables)
        {
            var depth = 0;
            foreach (var other in tables)
            {
                depth += other.Info.Range.Contains(table.Info.SmallestKey) ? 1 : 0;
            }

            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    /// <summary>
    /// The table at <paramref name="index"/> with all that must go down before it or with it: every older table that shares keys with it, or
    /// with one of these.
    /// </summary>
    /// <param name="tables">Level 0, newest first.</param>
    /// <param name="index">The newest table of the group.</param>
    public static ImmutableArray<TableFile> GroupOf(ImmutableArray<TableFile> tables, int index)
    {
        var group = ImmutableArray.CreateBuilder<TableFile>();
        group.Add(tables[index]);
        for (var older = index + 1; older < tables.Length; older++)
        {
            var range = tables[older].Info.Range;
            if (group.Any(table => table.Info.Range.Overlaps(range)))
            {
                group.Add(tables[older]);
            }
        }

        return group.ToImmutable();
    }
}
