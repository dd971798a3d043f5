namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>Commits and the log.</summary>
internal static class LogBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("AcknowledgeBeforeFsync", "A commit is acknowledged while its record is only in the cache of the kernel.",
            "LsmTree.Storage/Commits/LogChain.cs",
            "round.Current.Sync();",
            "",
            "LsmTree.Storage.Tests.Recovery.CrashRecoveryTests.A_crash_at_any_operation_leaves_a_prefix_that_holds_what_was_promised"),
        new("LogNameNotDurable", "A log is written to before its name is durable.",
            "LsmTree.Storage/Commits/LogChain.cs",
            "files.SyncDirectory(directory);",
            "",
            "LsmTree.Storage.Tests.Commits.FailureTests.A_new_log_is_named_durably_before_its_first_acknowledged_record"),
        new("FailedFsyncTriedAgain", "An fsync that failed is tried again, and its success believed.",
            "LsmTree.Storage/Files/DiskAppendFile.cs",
            "_syncFailed = true;",
            "_syncFailed = false;",
            "LsmTree.Storage.Tests.Files.DiskFileSystemTests.A_file_after_a_failed_sync_refuses_another"),
        new("FollowerErrorSwallowed", "A commit that waited for another one's fsync returns when that has failed.",
            "LsmTree.Storage/Commits/WriteAheadLog.cs",
            """
                            if (_health.Failure is not null)
                            {
                                WakeEverybodyLocked();
                                ThrowIfLost();
                            }
            """,
            """
                            if (_health.Failure is not null)
                            {
                                WakeEverybodyLocked();
                                return false;
                            }
            """,
            "LsmTree.Storage.Tests.Commits.GroupCommitTests.Whoever_waits_for_an_fsync_that_fails_is_told_so"),
        new("FollowersSleepOn", "After a failed fsync one of those who waited for the next one is woken, and leaves the others asleep.",
            "LsmTree.Storage/Commits/WriteAheadLog.cs",
            """
                                WakeEverybodyLocked();
                                ThrowIfLost();
            """,
            "ThrowIfLost();",
            "LsmTree.Storage.Tests.Commits.GroupCommitTests.Whoever_waits_for_an_fsync_that_fails_is_told_so"),
        new("NobodyLeadsNext", "Those who came during an fsync sleep on when it is over, and nobody begins the next one.",
            "LsmTree.Storage/Commits/WriteAheadLog.cs",
            "waiting.WakeOne();",
            "",
            "LsmTree.Storage.Tests.Commits.GroupCommitTests.Writers_that_arrive_during_an_fsync_share_the_next"),
        new("WakingMissed", "A thread goes to sleep although what it waits for has happened between its decision and its sleep.",
            "LsmTree.Storage/Threads/FutexCell.cs",
            "Current == seen",
            "(seen = Current) >= int.MinValue",
            "LsmTree.Storage.Tests.Threads.WaitCellTests.A_change_between_the_decision_and_the_sleep_is_not_missed"),
        new("LogTakenFromACommit", "Closing a failed store unmaps the log while a commit copies into it.",
            "LsmTree.Storage/StoreParts.cs",
            "Commits.Shut();",
            "",
            "LsmTree.Storage.Tests.Maintenance.ClosingTests.A_failed_store_that_is_closed_beside_a_commit_does_not_take_the_log_from_under_it"),
        new("MemtableFreedByItsMaker", "A batch as large as a memtable frees that memtable when its last view has gone, whoever may still be reading it.",
            "LsmTree.Storage/Commits/OwnMemtable.cs",
            "!_isInstalled",
            "true",
            "LsmTree.Storage.Tests.Commits.MemtableRoomTests.A_memtable_whose_last_view_goes_before_its_maker_is_done_is_not_freed_under_a_reader"),
        new("AsyncErrorSwallowed", "An asynchronous commit completes when its fsync has failed.",
            "LsmTree.Storage/Commits/WriteAheadLog.cs",
            "waiter.Completion.SetException(Lost(failure));",
            "waiter.Completion.SetResult();",
            "LsmTree.Storage.Tests.Commits.GroupCommitTests.An_asynchronous_commit_whose_fsync_fails_is_told_so"),
        new("TornTailIsDamage", "A record that a crash cut short keeps the store from being opened.",
            "LsmTree.Storage/Logs/LogTail.cs",
            "new LogEnd.Torn(offset, Describe(offset), 0)",
            """new LogEnd.Damaged(offset, "a record", Describe(offset))""",
            "LsmTree.Storage.Tests.Logs.LogCrashTests.A_failed_append_leaves_a_torn_log"),
        new("DamageIsTornTail", "Damage in what was durable is taken for a torn tail, and acknowledged records are cut off.",
            "LsmTree.Storage/Logs/LogTail.cs",
            "Math.Max(durableBytes, HighestDurableBytes) > offset",
            "durableBytes > offset",
            "LsmTree.Storage.Tests.Logs.LogDamageTests.Damage_below_a_durable_point_is_proven_by_a_later_record"),
        new("RecordChecksumWithoutOffset", "The checksum of a record does not cover its place, so that a stale copy of it counts.",
            "LsmTree.Storage/Logs/LogRecordHeader.cs",
            "Crc32C.Append(Crc32C.Append(seed, (ulong)offset), bytes.Slice(ChecksummedFrom, ChecksummedBytes))",
            "Crc32C.Append(seed, bytes.Slice(ChecksummedFrom, ChecksummedBytes))",
            "LsmTree.Storage.Tests.Logs.LogDamageTests.Another_logs_bytes_are_not_taken_for_this_ones"),
        new("PayloadUnchecked", "The payload of a record is believed without its checksum.",
            "LsmTree.Storage/Logs/LogReader.cs",
            "payload.Length != header.Length || Crc32C.Compute(payload) != header.PayloadChecksum",
            "payload.Length != header.Length",
            "LsmTree.Storage.Tests.Logs.LogDamageTests.Every_changed_byte_of_an_unsynced_log_cuts_it_to_a_prefix"),
        new("TrailerBeforeSync", """The trailer that says "nothing is missing" may reach the disk before what it speaks of.""",
            "LsmTree.Storage/Logs/LogWriter.cs",
            """
                    _state = State.Closed;
                    Sync();
            """,
            "_state = State.Closed;",
            "LsmTree.Storage.Tests.Logs.LogCrashTests.Close_syncs_before_the_trailer_and_after_it"),
        new("DurablePointMovesOnFailure", "A failed fsync moves the durable point of the log.",
            "LsmTree.Storage/Logs/LogWriter.cs",
            "_file.Sync();",
            """
                    Volatile.Write(ref _synced, covered);
                    _file.Sync();
            """,
            "LsmTree.Storage.Tests.Logs.LogCrashTests.A_failed_sync_moves_no_durable_point"),
        new("LogOfYoungerMemtablesDropped", "A flush gives up the logs of memtables that are still in memory only.",
            "LsmTree.Storage/Maintenance/FlushWork.cs",
            "oldest.NextLogNumber",
            "_versions.Numbers.Upcoming",
            "LsmTree.Storage.Tests.Recovery.CrashRecoveryTests.A_crash_at_any_operation_leaves_a_prefix_that_holds_what_was_promised"),
        new("FailedRotationTriedAgain", "After the header of a new log may have reached the disk, the old one is written on.",
            "LsmTree.Storage/Commits/LogChain.cs",
            """
                            _health.Fail(error);
                            throw new StoreFailedException($"The log could not be continued in a new file: {error.Message}", error);
            """,
            "throw;",
            "LsmTree.Storage.Tests.Commits.LogRotationTests.A_directory_that_is_not_synced_and_a_header_that_may_be_there_stop_writes"),
        new("FailedDirectorySyncForgotten", "A compaction whose directory cannot be synced is tried again, as if the names of logs were not in it.",
            "LsmTree.Storage/Compactions/TableDestination.cs",
            "Health?.Fail(error);",
            "",
            "LsmTree.Storage.Tests.Commits.LogRotationTests.A_directory_that_a_compaction_cannot_sync_stops_writes_for_the_names_of_logs_are_in_it"),
    ];
}
