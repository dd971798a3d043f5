namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>What holds while something else ends, fails or waits.</summary>
internal static class GuardBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("WaitsForNothing", "A writer that lacks the next log waits for a change of the view when another thread makes that log, and none comes.",
            "LsmTree.Storage/Commits/MemtableRoom.cs",
            "_log is not null && _views.Current.Frozen.Length < _settings.MaxFrozen",
            "_log is not null && _log.EnsureSpare()",
            "LsmTree.Storage.Tests.Commits.MemtableRoomTests.A_writer_that_lacked_only_the_next_log_goes_on_when_another_thread_has_made_it_ready"),
        new("FullFsyncOfManifest", "A manifest whose fsync finds no space passes for one that is not written.",
            "LsmTree.Storage/Versions/Manifest.cs",
            "_snapshotBytes > 0",
            "_snapshotBytes < 0",
            "LsmTree.Storage.Tests.BulkLoadFullDiskTests.No_write_is_acknowledged_after_a_load_that_may_be_found_though_it_was_refused"),
        new("FailedStoreFlushesOn", "A failed store writes its memtable to one table after another.",
            "LsmTree.Storage/Maintenance/TableSweep.cs",
            """
            _health.ThrowIfFailed();
                    lock (_gate)
                    {
                        var floor = _versions.Numbers.Upcoming;
                        _jobFloors.Add(floor);
                        return floor;
                    }
            """,
            """
            lock (_gate)
            {
                var floor = _versions.Numbers.Upcoming;
                _jobFloors.Add(floor);
                return floor;
            }
            """,
            "LsmTree.Storage.Tests.Maintenance.FailedStoreTests.A_memtable_that_can_no_longer_be_installed_is_not_written_to_one_table_after_another"),
        new("FrozenThoughFailed", "A log gets a second successor when the first one's beginning has failed.",
            "LsmTree.Storage/Commits/MemtableRoom.cs",
            """
            ThrowIfStopped();

                    // Without a file to go on in, one is made outside the gate: an fsync belongs to it.
                    if (view.Frozen.Length >= _settings.MaxFrozen || _log is { HasSpare: false })
                    {
                        return false;
                    }
            """,
            """
            if (view.Frozen.Length >= _settings.MaxFrozen || _log is { HasSpare: false })
            {
                return false;
            }
            """,
            "LsmTree.Storage.Tests.Commits.LogRotationTests.No_log_follows_one_whose_header_may_be_there_though_it_failed"),
        new("IndexFreedAtOnce", "What a dropped transaction has written goes while somebody may be reading it.",
            "LsmTree.Storage/Transactions/PendingWrites.cs",
            "GracePeriod.Await(FreeIndex);",
            "FreeIndex();",
            "LsmTree.Storage.Tests.Transactions.PendingWritesTests.Edits_that_were_dropped_stay_as_long_as_somebody_may_be_reading_what_he_found_in_them"),
        new("ClosedBesideCreation", "A store is closed while a writer creates the next log in its directory.",
            "LsmTree.Storage/Commits/LogChain.cs",
            "_creating > 0",
            "_creating < 0",
            "LsmTree.Storage.Tests.Maintenance.ClosingTests.A_store_that_is_closed_while_a_writer_creates_the_next_log_waits_and_leaves_no_file_to_come"),
        new("RemovedHandleLeadsOn", "A cursor that was disposed keeps those that came after it.",
            "LsmTree.Storage/Views/ReaderChain.cs",
            "handle.Newer = null;",
            "",
            "LsmTree.Storage.Tests.Views.CursorListTests.A_cursor_that_was_closed_and_is_kept_keeps_no_later_one"),
        new("GatheredGoesAtOnce", "Memory that is given back together with other memory goes while it is read.",
            "LsmTree.Storage/Memory/GracePeriod.cs",
            "gathered.Add(release);",
            "release();",
            "LsmTree.Storage.Tests.Memory.GracePeriodTests.What_was_gathered_waits_for_who_is_reading_at_the_end_of_the_gathering"),
    ];
}
