using System.Globalization;
using System.Text;

namespace LsmTree.Storage.Inspection;

/// <summary>Facts about a store by name, in the manner of LevelDB's and RocksDB's GetProperty: for consoles and monitoring that know only text.</summary>
internal static class PropertyNames
{
    private const string FilesAtLevel = "lsmtree.num-files-at-level";

    /// <summary>Every name but those that end in a level's number.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "lsmtree.stats",
        "lsmtree.levelstats",
        "lsmtree.sstables",
        "lsmtree.estimate-num-keys",
        "lsmtree.total-sst-files-size",
        "lsmtree.num-sst-files",
        "lsmtree.cur-size-all-mem-tables",
        "lsmtree.num-immutable-mem-table",
        "lsmtree.block-cache-usage",
        "lsmtree.estimate-pending-compaction-bytes",
        "lsmtree.num-snapshots",
        "lsmtree.background-errors",
        "lsmtree.is-write-stopped",
        FilesAtLevel + "N",
    ];

    /// <summary>The value of a property; null when there is none of that name.</summary>
    public static string? Find(string name, in StoreStatistics statistics, IReadOnlyList<LevelStatistics> levels, Func<IReadOnlyList<TableDescription>> tables) => name switch
    {
        "lsmtree.stats" => Statistics(statistics),
        "lsmtree.levelstats" => Levels(levels),
        "lsmtree.sstables" => Tables(tables()),
        "lsmtree.estimate-num-keys" => Number(levels.Sum(static level => level.Entries - 2 * level.Tombstones)),
        "lsmtree.total-sst-files-size" => Number(statistics.TableBytes),
        "lsmtree.num-sst-files" => Number(statistics.Tables),
        "lsmtree.cur-size-all-mem-tables" => Number(statistics.MemtableBytes),
        "lsmtree.num-immutable-mem-table" => Number(statistics.FrozenMemtables),
        "lsmtree.block-cache-usage" => Number(statistics.BlockCacheBytes),
        "lsmtree.estimate-pending-compaction-bytes" => Number(statistics.CompactionDebtBytes),
        "lsmtree.num-snapshots" => Number(statistics.OpenSnapshots),
        "lsmtree.background-errors" => statistics.Failure ?? "",
        "lsmtree.is-write-stopped" => Number(statistics.Failure is null ? 0 : 1),
        _ => FilesAt(name, levels),
    };

    private static string? FilesAt(string name, IReadOnlyList<LevelStatistics> levels) =>
        name.StartsWith(FilesAtLevel, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(FilesAtLevel.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var level)
        && level < Versions.Version.LevelCount
            ? Number(level < levels.Count ? levels[level].Tables : 0)
            : null;

    private static string Statistics(in StoreStatistics statistics)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"written: {statistics.EntriesWritten} entries, {statistics.BytesWritten} bytes, in {statistics.Commits} commits\n");
        text.Append(CultureInfo.InvariantCulture, $"log: {statistics.LogBytesWritten} bytes, {statistics.LogSyncs} syncs\n");
        text.Append(CultureInfo.InvariantCulture, $"flushes: {statistics.Flushes}, {statistics.FlushBytesWritten} bytes\n");
        text.Append(CultureInfo.InvariantCulture, $"compactions: {statistics.Compactions}, {statistics.CompactionBytesWritten} bytes\n");
        text.Append(CultureInfo.InvariantCulture, $"stalls: {statistics.Stalls}, {statistics.StallTime:c}\n");
        text.Append(CultureInfo.InvariantCulture, $"block cache: {statistics.BlockCacheHits} hits, {statistics.BlockCacheMisses} misses, {statistics.BlockCacheBytes} bytes\n");
        text.Append(CultureInfo.InvariantCulture, $"filters: {statistics.FilterProbes} probes, {statistics.FilterRejections} rejections\n");
        return text.ToString();
    }

    private static string Levels(IReadOnlyList<LevelStatistics> levels)
    {
        var text = new StringBuilder("level\ttables\tbytes\ttarget\tentries\ttombstones\n");
        foreach (var level in levels)
        {
            text.Append(CultureInfo.InvariantCulture, $"{level.Level}\t{level.Tables}\t{level.Bytes}\t{level.TargetBytes}\t{level.Entries}\t{level.Tombstones}\n");
        }

        return text.ToString();
    }

    private static string Tables(IReadOnlyList<TableDescription> tables)
    {
        var text = new StringBuilder("level\tfile\tbytes\tentries\ttombstones\tsequences\tkeys\n");
        foreach (var table in tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"{table.Level}\t{Path.GetFileName(table.File)}\t{table.Bytes}\t{table.Entries}\t{table.Tombstones + table.RangeTombstones}\t");
            text.Append(CultureInfo.InvariantCulture, $"{table.SmallestSequence}-{table.LargestSequence}\t{Versions.KeyText.Of(table.SmallestKey)} … {Versions.KeyText.Of(table.LargestKey)}\n");
        }

        return text.ToString();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
