namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>Transactions.</summary>
internal static class TransactionBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("ConflictCheckSkipsRanges", "A range delete is checked for conflicts at its first key only.",
            "LsmTree.Storage/Transactions/ConflictCheck.cs",
            "kind == EntryKind.RangeDelete ? HasNewer(view, key, value, highIsOpen: false, highIsInclusive: false, since) : HasNewer(view, key, since)",
            "HasNewer(view, key, since)",
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.Range_deletes_conflict_with_writes_into_the_range_and_the_other_way_round"),
        new("ConflictCheckSkipsTables", "A conflict with a write that was flushed meanwhile goes unnoticed.",
            "LsmTree.Storage/Transactions/ConflictCheck.cs",
            "!file.Info.MayHold(key)",
            "level >= 0",
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.A_write_outside_transactions_conflicts_too_also_when_it_was_flushed_and_compacted_meanwhile"),
        new("ConflictCheckSkipsRangeDeletes", "A write into a range that was deleted meanwhile goes through.",
            "LsmTree.Storage/Transactions/ConflictCheck.cs",
            "(memtable.HasRangeTombstones && memtable.RangeTombstones.CoveringSequence(key, Trailer.MaxSequence) > since)",
            "memtable.IsEmpty",
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.Range_deletes_conflict_with_writes_into_the_range_and_the_other_way_round"),
        new("ReadsNotNoted", "A serializable transaction does not remember the keys that it has read.",
            "LsmTree.Storage/StoreTransaction.cs",
            "_reads.Add(key);",
            "",
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.Snapshot_lets_write_skew_through_and_Serializable_does_not"),
        new("RangesNotNoted", "A serializable transaction does not remember the ranges that it has walked.",
            "LsmTree.Storage/StoreTransaction.cs",
            """
                    writes.Note(ReadSet.BytesPerRange);
                    return _reads.AddRange();
            """,
            """
                    writes.Note(ReadSet.BytesPerRange);
                    return writes.IsEmpty ? new ReadRange() : _reads.AddRange();
            """,
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.Serializable_validates_the_ranges_that_its_cursors_have_walked_and_no_more"),
        new("LastLookLeftOut", "What was committed between the check of a transaction and its place in the log is not looked at.",
            "LsmTree.Storage/StoreTransaction.cs",
            "last != known",
            "last < known",
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.A_commit_that_waits_for_room_looks_at_what_was_committed_meanwhile"),
        new("SavepointForgetsRangeDeletes", "After a rollback to a savepoint the range deletes behind it still hide keys from the transaction.",
            "LsmTree.Storage/Memtables/Memtable.cs",
            "_tombstones.Clear();",
            "",
            "LsmTree.Storage.Tests.Transactions.SortedEditsTests.A_range_delete_that_was_looked_at_and_undone_hides_nothing_from_cursors"),
        new("SavepointOffByOne", "A rollback to a savepoint keeps one edit too many.",
            "LsmTree.Storage/Transactions/PendingWrites.cs",
            "Batch.TruncateTo(count);",
            "Batch.TruncateTo(Math.Min(count + 1, Batch.Count));",
            "LsmTree.Storage.Tests.Transactions.StoreTransactionTests.Savepoints_undo_what_came_after_them"),
        new("FrozenCursorSeesLaterEdits", "A cursor of a transaction sees edits that were made after it was opened.",
            "LsmTree.Storage/Transactions/PendingWrites.cs",
            "PendingEntries.Base + (uint)Batch.Count",
            "PendingEntries.Base + uint.MaxValue",
            "LsmTree.Storage.Tests.Transactions.SortedEditsTests.A_cursor_opened_later_brings_no_edits_to_the_one_before"),
    ];
}
