using System.Globalization;
using LsmTree.Cli.Texts;
using LsmTree.Storage;

namespace LsmTree.Cli.Results;

/// <summary>Backups, and what a repair saved and lost, as results.</summary>
internal static class RescueReport
{
    public static void WriteBackups(IReadOnlyList<BackupInfo> backups, IResultWriter writer)
    {
        writer.Begin(["id", "created", "source", "last_sequence", "tables", "bytes", "copied_bytes", "damage"]);
        foreach (var backup in backups)
        {
            writer.Row(backup.Damage is null
                ? [backup.Id, backup.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), backup.Source, backup.LastSequence, backup.Tables, backup.Bytes, backup.CopiedBytes, null]
                : [backup.Id, null, null, null, null, null, null, backup.Damage]);
        }

        writer.End();
    }

    /// <summary>One row for each file, and for a file with losses one for each of them.</summary>
    public static void WriteRepair(RepairReport report, IResultWriter writer)
    {
        writer.Begin(["file", "outcome", "entries", "lost_at", "lost_bytes", "lost_entries", "first_key", "last_key", "problem"]);
        foreach (var file in report.Files)
        {
            foreach (var loss in file.Losses.DefaultIfEmpty())
            {
                writer.Row([Path.GetFileName(file.File), file.Outcome.ToString(), file.Entries, loss?.Offset, loss?.Bytes, loss?.Entries, Key(loss?.FirstKey), Key(loss?.LastKey), loss?.Description]);
            }
        }

        writer.End();
        writer.Note(FormattableString.Invariant($"{report.KeysWritten:N0} keys saved, {(report.IsComplete ? "nothing lost" : report.ManifestUsed ? "with losses" : "without a manifest: files that no longer counted may be among them")}"));
    }

    private static string? Key(byte[]? key) => key is null ? null : ValueText.OfReadableBytes(key);
}
