using System.Globalization;
using LsmTree.Storage;

namespace LsmTree.Cli.Results;

/// <summary>What an operator asks of a store, as results.</summary>
internal static class StoreReport
{
    public static void WriteStatistics(LsmStore store, IResultWriter writer)
    {
        var now = store.GetStatistics();
        writer.Begin(["name", "value"]);
        Write(writer, "entries written", now.EntriesWritten);
        Write(writer, "commits", now.Commits);
        Write(writer, "log syncs", now.LogSyncs);
        Write(writer, "bytes written by callers", now.BytesWritten);
        Write(writer, "bytes written to logs", now.LogBytesWritten);
        Write(writer, "bytes written by flushes", now.FlushBytesWritten);
        Write(writer, "bytes written by compactions", now.CompactionBytesWritten);
        Write(writer, "flushes", now.Flushes);
        Write(writer, "compactions", now.Compactions);
        Write(writer, "write amplification", now.WriteAmplification);
        Write(writer, "point reads", now.Gets);
        Write(writer, "point reads answered by a memtable", now.MemtableHits);
        Write(writer, "block cache hits", now.BlockCacheHits);
        Write(writer, "block cache misses", now.BlockCacheMisses);
        Write(writer, "read-aheads", now.ReadAheads);
        Write(writer, "block cache bytes", now.BlockCacheBytes);
        Write(writer, "filter and index bytes", now.FilterAndIndexBytes);
        Write(writer, "filter probes", now.FilterProbes);
        Write(writer, "filter rejections", now.FilterRejections);
        Write(writer, "memtable bytes", now.MemtableBytes);
        Write(writer, "frozen memtables", now.FrozenMemtables);
        Write(writer, "log bytes", now.LogBytes);
        Write(writer, "tables", now.Tables);
        Write(writer, "table bytes", now.TableBytes);
        Write(writer, "live table bytes (estimate)", now.LiveTableBytes);
        Write(writer, "table bytes kept for readers", now.PinnedTableBytes);
        Write(writer, "space amplification (estimate)", now.SpaceAmplification);
        Write(writer, "compaction debt bytes", now.CompactionDebtBytes);
        Write(writer, "stalls", now.Stalls);
        writer.Row(["stall time", now.StallTime.ToString("c", CultureInfo.InvariantCulture)]);
        Write(writer, "open snapshots", now.OpenSnapshots);
        writer.Row(["oldest snapshot age", now.OldestSnapshotAge.ToString("c", CultureInfo.InvariantCulture)]);
        writer.Row(["failure", now.Failure]);
        writer.Row(["compaction failure", now.CompactionFailure]);
        writer.End();
    }

    public static void WriteLevels(LsmStore store, IResultWriter writer)
    {
        writer.Begin(["level", "tables", "bytes", "target_bytes", "entries", "tombstones", "compactions", "bytes_read", "bytes_written", "compaction_time"]);
        foreach (var level in store.GetLevels())
        {
            writer.Row([level.Level, level.Tables, level.Bytes, level.TargetBytes, level.Entries, level.Tombstones, level.Compactions, level.BytesRead, level.BytesWritten, level.CompactionTime.ToString("c", CultureInfo.InvariantCulture)]);
        }

        writer.End();
    }

    public static void WriteVerification(VerificationReport report, IResultWriter writer)
    {
        if (report.IsSound)
        {
            writer.Note(FormattableString.Invariant($"ok: {report.Files:N0} files, {report.Bytes:N0} bytes read and checked"));
            return;
        }

        writer.Begin(["file", "offset", "problem"]);
        foreach (var problem in report.Problems)
        {
            writer.Row([problem.File, problem.Offset, problem.Description]);
        }

        writer.End();
    }

    private static void Write(IResultWriter writer, string name, long value) => writer.Row([name, value]);

    private static void Write(IResultWriter writer, string name, double ratio) => writer.Row([name, ratio.ToString("F2", CultureInfo.InvariantCulture)]);
}
