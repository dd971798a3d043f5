namespace LsmTree.Crash.Tests.Planting.Tables;

/// <summary>The manifest, and the files that it names or does not.</summary>
internal static class ManifestBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("CurrentNotDurable", "CURRENT is renamed and its directory not synced.",
            "LsmTree.Storage/Versions/CurrentFile.cs",
            "files.SyncDirectory(directory);",
            "",
            "LsmTree.Storage.Tests.Versions.CrashTests.After_a_crash_at_any_operation_the_version_is_the_last_acknowledged_or_the_next"),
        new("CurrentContentsNotSynced", "CURRENT is renamed before its contents are durable.",
            "LsmTree.Storage/Versions/CurrentFile.cs",
            "file.Sync();",
            "",
            "LsmTree.Storage.Tests.Versions.CrashTests.After_a_crash_at_any_operation_the_version_is_the_last_acknowledged_or_the_next"),
        new("EditNotSynced", "An edit of the manifest counts before it is durable.",
            "LsmTree.Storage/Versions/Manifest.cs",
            "_log.Sync();",
            "",
            "LsmTree.Storage.Tests.Versions.CrashTests.After_a_crash_at_any_operation_the_version_is_the_last_acknowledged_or_the_next"),
        new("ManifestNameNotDurable", "CURRENT names a manifest whose own name may be lost.",
            "LsmTree.Storage/Versions/VersionSet.cs",
            """
                        _files.SyncDirectory(_directory);
                        mayTryAgain = false;
            """,
            "mayTryAgain = false;",
            "LsmTree.Storage.Tests.Versions.CrashTests.A_store_is_created_in_the_order_that_a_crash_cannot_break"),
        new("ViewBeforeManifest", "A version is in force before the manifest has it.",
            "LsmTree.Storage/Versions/VersionSet.cs",
            "if (_manifest is null || _manifest.IsOversized(_settings))",
            "if ((PLANTED && Interlocked.Exchange(ref _current, next) is null) || _manifest is null || _manifest.IsOversized(_settings))",
            "LsmTree.Storage.Tests.Versions.CrashTests.After_an_error_of_the_manifest_nothing_may_be_deleted_until_a_new_one_is_in_force"),
        new("FileNumberReused", "A number is given again that a file in the directory has.",
            "LsmTree.Storage/Versions/VersionSet.cs",
            "Math.Max(state.NextFileNumber, FirstFreeNumber(names, directory))",
            "state.NextFileNumber",
            "LsmTree.Storage.Tests.Versions.VersionSetTests.File_numbers_go_on_above_every_file_in_the_directory_orphans_included"),
        new("DamagedManifestAccepted", "A manifest with a damaged record is read up to there.",
            "LsmTree.Storage/Versions/ManifestReader.cs",
            """
                            CorruptionException.Throw(path, damaged.Offset, damaged.Expected, damaged.Found);
                            break;
            """,
            "break;",
            "LsmTree.Storage.Tests.Versions.ManifestDamageTests.The_last_edit_is_not_lost_unnoticed_however_many_of_its_bits_change"),
        new("ManifestFailureNotLatched", "After a manifest error of unknown outcome the next edit is written as if nothing had happened.",
            "LsmTree.Storage/Maintenance/VersionInstaller.cs",
            "_health.Fail(error);",
            "",
            "LsmTree.Storage.Tests.Commits.FailureTests.A_failed_manifest_write_deletes_nothing_and_stops_writes"),
        new("TwoStepsAtOnce", "An edit that does not fit the version is applied all the same.",
            "LsmTree.Storage/Versions/VersionBuilder.cs",
            "found.Level != removed.Level",
            "found.Level >= Version.LevelCount",
            "LsmTree.Storage.Tests.Versions.VersionSetTests.An_edit_that_does_not_fit_is_refused_and_nothing_is_written"),
        new("LogStillNeededDeleted", "The log that the manifest begins with counts as obsolete.",
            "LsmTree.Storage/Versions/ObsoleteFiles.cs",
            "number < logNumber",
            "number <= logNumber",
            "LsmTree.Storage.Tests.Versions.ObsoleteFilesTests.What_no_version_log_number_or_manifest_names_is_obsolete"),
        new("SweepTakesTablesOfCursors", "Tables that an open cursor reads are closed and deleted.",
            "LsmTree.Storage/Maintenance/TableSweep.cs",
            "view.Version.Tables",
            "view.Version.Tables.Take(0)",
            "LsmTree.Storage.Tests.LsmStoreTests.Files_that_a_cursor_held_go_away_when_it_closes"),
        new("SweepTakesTablesInTheMaking", "Tables that a running compaction writes are taken for leftovers and deleted.",
            "LsmTree.Storage/Maintenance/TableSweep.cs",
            "_jobFloors.Count == 0 ? _versions.Numbers.Upcoming : _jobFloors.Min()",
            "_versions.Numbers.Upcoming",
            "LsmTree.Storage.Tests.Maintenance.ManualCompactionTests.Tables_that_a_compaction_is_writing_outlive_a_look_for_obsolete_files"),
    ];
}
