namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>Range deletes.</summary>
internal static class RangeDeleteBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("EndIsDeletedToo", "A range delete takes the key at its exclusive end along.",
            "LsmTree.Storage/RangeTombstones/RangeTombstoneList.cs",
            "_cuts[middle + 1].AsSpan().SequenceCompareTo(userKey) <= 0",
            "_cuts[middle + 1].AsSpan().SequenceCompareTo(userKey) < 0",
            "LsmTree.Storage.Tests.RangeTombstones.RangeTombstoneListTests.The_newest_tombstone_within_the_limit_covers"),
        new("NestedDeletesForgotten", "Of range deletes over one another the one looked at last counts, not the newest.",
            "LsmTree.Storage/RangeTombstones/RangeTombstoneList.cs",
            "newest = ~at > 0 ? Math.Max(newest, _sequences[begin + ~at - 1]) : newest;",
            "newest = ~at > 0 ? _sequences[begin + ~at - 1] : newest;",
            "LsmTree.Storage.Tests.RangeTombstones.RangeTombstoneListTests.Random_lists_answer_as_a_linear_search_does"),
        new("NewDeletesUnseen", "Readers see the range deletes of the memtable as they were at the first look.",
            "LsmTree.Storage/RangeTombstones/GrowingTombstones.cs",
            "return cut.Count == Count ? cut.Stack : CatchUp();",
            "return cut.Count > 0 ? cut.Stack : CatchUp();",
            "LsmTree.Storage.Tests.RangeTombstones.GrowingTombstonesTests.Whoever_reads_between_additions_sees_all_of_them_in_few_lists"),
        new("ActiveDeletesPassedOver", "A range delete in the memtable does not hide what frozen memtables hold.",
            "LsmTree.Storage/Views/PointLookup.cs",
            """
                        if (covering != 0)
                        {
                            return LookupOutcome.Absent;
                        }
            """,
            "",
            "LsmTree.Storage.Tests.Models.StoreModelTests.Random_operations_agree_with_a_sorted_dictionary"),
    ];
}
