using LsmTree.Storage.Commits;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Inspection;

/// <summary>Puts counters and gauges together.</summary>
internal static class StatisticsReport
{
    public static StoreStatistics Create(Blocks.BlockCache cache, Memory.ChunkStock chunks, ViewCell views, OpenReaders readers, StoreHealth health, StoreCounters counters, WriteAheadLog? log, LevelSettings levels, long pinnedTableBytes, Exception? compactionFailure)
    {
        var view = views.Current;
        long memtableBytes = view.Active.Bytes;
        foreach (var frozen in view.Frozen)
        {
            memtableBytes += frozen.Memtable.Bytes;
        }

        return new StoreStatistics
        {
            EntriesWritten = Volatile.Read(ref counters.EntriesWritten),
            Commits = Volatile.Read(ref counters.Commits),
            LogSyncs = Volatile.Read(ref counters.LogSyncs),
            BytesWritten = Volatile.Read(ref counters.BytesWritten),
            LogBytesWritten = Volatile.Read(ref counters.LogBytesWritten),
            FlushBytesWritten = Volatile.Read(ref counters.FlushBytesWritten),
            CompactionBytesWritten = Volatile.Read(ref counters.CompactionBytesWritten),
            Flushes = Volatile.Read(ref counters.Flushes),
            Compactions = Volatile.Read(ref counters.Compactions),
            Gets = counters.Reads.TotalGets,
            MemtableHits = counters.Reads.TotalMemtableHits,
            BlockCacheHits = cache.Hits + counters.Reads.TotalBlockHits,
            BlockCacheMisses = cache.Misses + counters.Reads.TotalBlockMisses,
            ReadAheads = cache.ReadAheads,
            BlockCacheBytes = cache.Bytes,
            FilterAndIndexBytes = cache.PinnedBytes,
            FilterProbes = counters.Reads.TotalFilterProbes,
            FilterRejections = counters.Reads.TotalFilterRejections,
            MemtableBytes = memtableBytes,
            MemtableMemoryBytes = chunks.Bytes,
            FrozenMemtables = view.Frozen.Length,
            LogBytes = log?.OpenBytes ?? 0,
            LiveTableBytes = LiveBytes.Estimate(view.Version),
            PinnedTableBytes = pinnedTableBytes,
            Tables = view.Version.TableCount,
            TableBytes = view.Version.TotalBytes,
            CompactionDebtBytes = CompactionDebt.Bytes(view.Version, levels),
            Stalls = Volatile.Read(ref counters.Stalls),
            StallTime = TimeSpan.FromTicks(Volatile.Read(ref counters.StallTicks)),
            OpenSnapshots = readers.Count,
            OldestSnapshotAge = readers.OldestAge(),
            ListenerErrors = Volatile.Read(ref counters.ListenerErrors),
            CompactionFailure = compactionFailure?.Message,
            Failure = health.Failure?.Message,
        };
    }

    public static IReadOnlyList<LevelStatistics> Levels(Versions.Version version, LevelSettings settings, StoreCounters counters)
    {
        var levels = new List<LevelStatistics>();
        var last = 0;
        for (var level = 0; level < Versions.Version.LevelCount; level++)
        {
            if (version.Count(level) > 0)
            {
                last = level;
            }
        }

        var targets = LevelTargets.For(version, settings);
        for (var level = 0; level <= last; level++)
        {
            long entries = 0;
            long tombstones = 0;
            foreach (var file in version.Level(level))
            {
                entries += file.Info.EntryCount;
                tombstones += file.Info.TombstoneCount + file.Info.RangeTombstoneCount;
            }

            var written = counters.Levels[level];
            levels.Add(new LevelStatistics(level, version.Count(level), version.Bytes(level), level == 0 ? 0 : targets.TargetBytes(level), entries, tombstones)
            {
                Compactions = Volatile.Read(ref written.Jobs),
                BytesRead = Volatile.Read(ref written.BytesRead),
                BytesWritten = Volatile.Read(ref written.BytesWritten),
                CompactionTime = TimeSpan.FromTicks(Volatile.Read(ref written.Ticks)),
            });
        }

        return levels;
    }
}
