using LsmTree.Data.Planning;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>SHOW, and what VERIFY and EXPLAIN list.</summary>
internal static class Listing
{
    public static RowBuffer Run(ShowPlan plan, Catalogue catalogue, LsmStore store, string version)
    {
        var rows = new RowBuffer();
        switch (plan.Topic)
        {
            case ShowTopic.Tables:
                AddTables(rows, catalogue);
                break;
            case ShowTopic.Columns:
                AddColumns(rows, plan.Table!);
                break;
            case ShowTopic.Stats:
                return Statistics(store.GetStatistics());
            case ShowTopic.Levels:
                AddLevels(rows, store.GetLevels());
                break;
            case ShowTopic.Version:
                rows.Add(SqlValue.FromText(version));
                break;
            default:
                throw new InvalidOperationException($"{plan.Topic} has no listing.");
        }

        return rows;
    }

    public static RowBuffer Statistics(in StoreStatistics statistics)
    {
        var rows = new RowBuffer();
        AddCounters(rows, statistics);
        AddText("failure", statistics.Failure);
        AddText("compaction_failure", statistics.CompactionFailure);
        return rows;

        void AddText(string name, string? value) => rows.Add(SqlValue.FromText(name), value is null ? SqlValue.Null : SqlValue.FromText(value));
    }

    public static RowBuffer Verify(LsmStore store, CancellationToken cancellationToken)
    {
        var rows = new RowBuffer();
        foreach (var problem in store.Verify(cancellationToken).Problems)
        {
            rows.Add(SqlValue.FromText(problem.File), SqlValue.FromInt64(problem.Offset), SqlValue.FromText(problem.Description));
        }

        return rows;
    }

    public static RowBuffer Lines(IEnumerable<PlanLine> lines)
    {
        var rows = new RowBuffer();
        foreach (var line in lines)
        {
            rows.Add(SqlValue.FromText(line.Step), SqlValue.FromText(line.Detail));
        }

        return rows;
    }

    private static void AddTables(RowBuffer rows, Catalogue catalogue)
    {
        foreach (var table in catalogue.Tables)
        {
            rows.Add(
                SqlValue.FromText(table.Name),
                SqlValue.FromInt32(table.Columns.Count),
                SqlValue.FromText(string.Join(", ", table.KeyColumns.Select(static column => column.Name))));
        }
    }

    private static void AddColumns(RowBuffer rows, TableSchema table)
    {
        foreach (var column in table.Columns)
        {
            rows.Add(
                SqlValue.FromText(column.Name),
                SqlValue.FromText(SqlTypes.NameOf(column.Type, column.Precision, column.Scale, column.Length)),
                SqlValue.FromBoolean(column.Nullable),
                column.IsKey ? SqlValue.FromInt32(column.KeyPosition + 1) : SqlValue.Null);
        }
    }

    private static void AddCounters(RowBuffer rows, in StoreStatistics statistics)
    {
        Add("entries_written", statistics.EntriesWritten);
        Add("commits", statistics.Commits);
        Add("log_syncs", statistics.LogSyncs);
        Add("bytes_written", statistics.BytesWritten);
        Add("log_bytes_written", statistics.LogBytesWritten);
        Add("flush_bytes_written", statistics.FlushBytesWritten);
        Add("compaction_bytes_written", statistics.CompactionBytesWritten);
        Add("flushes", statistics.Flushes);
        Add("compactions", statistics.Compactions);
        Add("write_amplification_percent", (long)(statistics.WriteAmplification * 100));
        Add("gets", statistics.Gets);
        Add("memtable_hits", statistics.MemtableHits);
        Add("block_cache_hits", statistics.BlockCacheHits);
        Add("block_cache_misses", statistics.BlockCacheMisses);
        Add("read_aheads", statistics.ReadAheads);
        Add("block_cache_bytes", statistics.BlockCacheBytes);
        Add("filter_and_index_bytes", statistics.FilterAndIndexBytes);
        Add("filter_probes", statistics.FilterProbes);
        Add("filter_rejections", statistics.FilterRejections);
        Add("memtable_bytes", statistics.MemtableBytes);
        Add("frozen_memtables", statistics.FrozenMemtables);
        Add("log_bytes", statistics.LogBytes);
        Add("tables", statistics.Tables);
        Add("table_bytes", statistics.TableBytes);
        Add("live_table_bytes", statistics.LiveTableBytes);
        Add("pinned_table_bytes", statistics.PinnedTableBytes);
        Add("space_amplification_percent", (long)(statistics.SpaceAmplification * 100));
        Add("compaction_debt_bytes", statistics.CompactionDebtBytes);
        Add("stalls", statistics.Stalls);
        Add("stall_milliseconds", (long)statistics.StallTime.TotalMilliseconds);
        Add("open_snapshots", statistics.OpenSnapshots);
        Add("oldest_snapshot_age_milliseconds", (long)statistics.OldestSnapshotAge.TotalMilliseconds);

        void Add(string name, long value) => rows.Add(SqlValue.FromText(name), SqlValue.FromInt64(value));
    }

    private static void AddLevels(RowBuffer rows, IReadOnlyList<LevelStatistics> levels)
    {
        foreach (var level in levels)
        {
            rows.Add(
                SqlValue.FromInt32(level.Level),
                SqlValue.FromInt32(level.Tables),
                SqlValue.FromInt64(level.Bytes),
                SqlValue.FromInt64(level.TargetBytes),
                SqlValue.FromInt64(level.Entries),
                SqlValue.FromInt64(level.Tombstones),
                SqlValue.FromInt64(level.Compactions),
                SqlValue.FromInt64(level.BytesRead),
                SqlValue.FromInt64(level.BytesWritten),
                SqlValue.FromInt64((long)level.CompactionTime.TotalMilliseconds));
        }
    }
}
