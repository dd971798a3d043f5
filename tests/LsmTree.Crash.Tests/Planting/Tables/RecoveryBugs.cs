namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>Recovery.</summary>
internal static class RecoveryBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("ReplayGoesOnBehindTear", "Replay passes over a torn record and applies the logs behind it.",
            "LsmTree.Storage/Recovery/LogReplay.cs",
            "EndAtTear(logs, index, torn.Offset, torn.Reason, declaredEnd)",
            "EndAtTear(logs, index, torn.Offset, torn.Reason, declaredEnd) | true",
            "LsmTree.Storage.Tests.Recovery.CrashRecoveryTests.A_crash_at_any_operation_leaves_a_prefix_that_holds_what_was_promised"),
        new("ReplayedEntriesLost", "What recovery has read from the log is not flushed before the log is given up.",
            "LsmTree.Storage/Recovery/StoreRecovery.cs",
            "!memtable.IsEmpty",
            "memtable.Bytes >= settings.MemtableBytes",
            "LsmTree.Storage.Tests.Recovery.RecoveredDataTests.What_was_replayed_survives_a_power_cut_once_the_store_is_open"),
        new("ReplayedRangeDeletesLost", "Recovery keeps the entries of the log and forgets its range deletes.",
            "LsmTree.Storage/Recovery/StoreRecovery.cs",
            "memtable.MergeRangeTombstones()",
            "RangeTombstones.RangeTombstoneList.Empty",
            "LsmTree.Storage.Tests.Recovery.CrashRecoveryTests.A_crash_at_any_operation_leaves_a_prefix_that_holds_what_was_promised"),
        new("LogNumberNotRaised", "Recovery flushes the logs and leaves them in force, so that the next one replays them over newer data.",
            "LsmTree.Storage/Recovery/StoreRecovery.cs",
            "LogNumber = versions.Numbers.Upcoming",
            "LogNumber = PLANTED ? versions.LogNumber : versions.Numbers.Upcoming",
            "LsmTree.Storage.Tests.Recovery.RecoveredDataTests.Sequence_numbers_go_on_above_all_that_tables_and_logs_hold"),
        new("GivenUpLogNotKept", "An opening that gives up a damaged log leaves nothing of it.",
            "LsmTree.Storage/Recovery/StoreRecovery.cs",
            "GivenUpLogs.Keep(files, directory, replay.GivenUp);",
            "",
            "LsmTree.Storage.Tests.Recovery.PointInTimeTests.What_lies_before_the_damage_is_there_and_the_rest_is_kept_aside"),
        new("RecoveredSequenceTooLow", "Sequence numbers go on below those that the log held.",
            "LsmTree.Storage/Recovery/StoreRecovery.cs",
            "Replay(files, directory, settings, versions, chunks) : 0",
            "Math.Min(Replay(files, directory, settings, versions, chunks), PLANTED ? inTables : ulong.MaxValue) : 0",
            "LsmTree.Storage.Tests.Recovery.RecoveredDataTests.Sequence_numbers_go_on_above_all_that_tables_and_logs_hold"),
        new("ReaderGivesUpWhatIsInTables", "A read-only store beside a writer takes a log that was flushed and deleted meanwhile for damage, and gives up what follows.",
            "LsmTree.Storage/Recovery/StoreRecovery.cs",
            "!isDamage(damage)",
            "false",
            "LsmTree.Storage.Tests.Recovery.ReaderBesideWriterTests.Whatever_the_writer_does_between_two_looks_of_a_reader_it_sees_a_moment_that_there_was"),
    ];
}
