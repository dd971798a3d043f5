namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>Lookups and cursors.</summary>
internal static class ReadBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("NumberBeforeView", "A cursor reads the visible number, and then takes a view that may be newer.",
            "LsmTree.Storage/LsmStore.cs",
            "(options ??= CursorOptions.Default).Snapshot?.PointFor(_parts.Snapshots)",
            "(ReadPoint?)((options ??= CursorOptions.Default).Snapshot?.PointFor(_parts.Snapshots) ?? _parts.Present)",
            "LsmTree.Storage.Tests.Commits.VisibilityTests.The_view_is_taken_before_the_number_so_that_a_compaction_between_takes_nothing"),
        new("MergeForgetsDirection", "A merging cursor that turns round leaves its other sources where they were.",
            "LsmTree.Storage/Cursors/MergingCursor.cs",
            "child.Seek(top.Key, top.Trailer);",
            "_ = child;",
            "LsmTree.Storage.Tests.Cursors.MergingCursorTests.A_random_walk_over_several_children_is_a_walk_over_their_sorted_union"),
        new("SeekForPrevOffByOne", "SeekForPrev passes over the very key that it was given.",
            "LsmTree.Storage/Views/ViewCursor.cs",
            "SeekAfter(key);",
            "_entries.Seek(key, ulong.MaxValue);",
            "LsmTree.Storage.Tests.Views.CursorModelTests.Every_move_lands_where_a_sorted_list_says"),
        new("UpperBoundInclusive", "A cursor shows the key at its exclusive upper bound.",
            "LsmTree.Storage/Views/CursorBounds.cs",
            "key.SequenceCompareTo(Upper) >= 0",
            "key.SequenceCompareTo(Upper) > 0",
            "LsmTree.Storage.Tests.Views.CursorModelTests.Every_move_lands_where_a_sorted_list_says"),
        new("PrefixOfFF", "The end of a prefix that ends in FF wraps round.",
            "LsmTree.Storage/Views/CursorBounds.cs",
            "prefix.LastIndexOfAnyExcept(byte.MaxValue) + 1",
            "prefix.Length",
            "LsmTree.Storage.Tests.Views.CursorBoundsTests.A_prefix_is_a_range"),
        new("InvisibleVersionHidesKey", "A version that is too new for the reader hides the older one that it should see.",
            "LsmTree.Storage/Views/ViewCursor.cs",
            """
                            CountSkip(trailer);
                            _entries.Next();
                            continue;
            """,
            """
                            CountSkip(trailer);
                            _key.Set(key);
                            skipCurrentKey = true;
                            _entries.Next();
                            continue;
            """,
            "LsmTree.Storage.Tests.Views.CursorModelTests.Every_move_lands_where_a_sorted_list_says"),
        new("CountsDeletedRanges", "Counting takes whole blocks although a range delete lies over them.",
            "LsmTree.Storage/Views/ViewCursor.cs",
            "_tombstones.IsEmpty && _pendingTombstones.IsEmpty",
            "_pendingTombstones.IsEmpty",
            "LsmTree.Storage.Tests.Views.CountingTests.Counting_leaves_out_what_a_range_delete_covers"),
        new("LowerBoundLosesTable", "A bounded cursor leaves out the table in which its bound lies.",
            "LsmTree.Storage/Views/ViewSources.cs",
            "end += end < files.Length && !bounds.IsPast(files[end].Info.SmallestKey) ? 1 : 0;",
            "end += 0;",
            "LsmTree.Storage.Tests.Views.CursorModelTests.Every_move_lands_where_a_sorted_list_says"),
        new("BatchLookupSkipsFrozen", "Many keys at once are not looked for in the memtables that wait for their flush.",
            "LsmTree.Storage/Views/BatchLookup.cs",
            "view.Frozen",
            "view.Frozen[..0]",
            "LsmTree.Storage.Tests.Views.MultiGetTests.Many_keys_at_once_get_the_answers_that_each_would_get"),
        new("TreeSplitLosesOrder", "A split of a memtable leaf that falls in its middle puts the entry into the wrong half.",
            "LsmTree.Storage/Memtables/TreeSplit.cs",
            """
                        if (slot <= Middle)
                        {
                            TreeNode.Insert(left, slot, record, null);
                        }
                        else
                        {
                            TreeNode.Insert(right, slot - Middle, record, null);
                        }
            """,
            "TreeNode.Insert(left, Math.Min(slot, Middle), record, null);",
            "LsmTree.Storage.Tests.Memtables.EntryTreeTests.Entries_come_out_in_internal_order_both_ways"),
        new("TreeReaderSeesChange", "A reader of the memtable does not notice that a leaf changed under it.",
            "LsmTree.Storage/Memtables/TreeNode.cs",
            "return Volatile.Read(ref *(int*)node) == version;",
            "return Volatile.Read(ref *(int*)node) >= version;",
            "LsmTree.Storage.Tests.Memtables.EntryTreeTests.A_cursor_that_stands_while_its_leaf_splits_misses_nothing_and_repeats_nothing"),
        new("LeavingReaderLosesItsMark", "A reader that has left and not looked yet whether somebody waits for it is taken for one that nobody waits for.",
            "LsmTree.Storage/Memory/GracePeriod.cs",
            "!s_waiting.ContainsKey(slot)",
            "true",
            "LsmTree.Storage.Tests.Memory.GracePeriodTests.Who_has_left_and_not_looked_yet_keeps_the_mark"),
    ];
}
