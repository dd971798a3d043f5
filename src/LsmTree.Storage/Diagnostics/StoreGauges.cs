using System.Diagnostics.Metrics;

namespace LsmTree.Storage.Diagnostics;

/// <summary>The instruments that are asked rather than told. Each answers for every open store.</summary>
internal static class StoreGauges
{
    public static void Create(Meter meter, OpenStores stores)
    {
        meter.CreateObservableUpDownCounter("lsmtree.memtable.size", () => Each(stores, static s => s.MemtableBytes), "By", "Bytes in the active and frozen memtables.");
        meter.CreateObservableUpDownCounter("lsmtree.memtable.frozen", () => Each(stores, static s => s.FrozenMemtables), "{memtable}", "Frozen memtables that wait for their flush.");
        meter.CreateObservableUpDownCounter("lsmtree.log.size", () => Each(stores, static s => s.LogBytes), "By", "Bytes of live log files.");
        meter.CreateObservableUpDownCounter("lsmtree.level.tables", () => EachLevel(stores, static level => level.Tables), "{table}", "Live table files of a level.");
        meter.CreateObservableUpDownCounter("lsmtree.level.size", () => EachLevel(stores, static level => level.Bytes), "By", "Bytes of live table files of a level.");
        meter.CreateObservableUpDownCounter("lsmtree.compaction.debt", () => Each(stores, static s => s.CompactionDebtBytes), "By", "Bytes that compactions still have to move.");
        meter.CreateObservableUpDownCounter("lsmtree.block_cache.size", () => Each(stores, static s => s.BlockCacheBytes), "By", "Bytes of blocks in the cache.");
        meter.CreateObservableCounter("lsmtree.block_cache.lookups", () => Split(stores, static s => s.BlockCacheHits, "hit", static s => s.BlockCacheMisses, "miss"), "{lookup}", "Block reads, by where they were answered.");
        meter.CreateObservableGauge("lsmtree.block_cache.hit_ratio", () => Each(stores, static s => Ratio(s.BlockCacheHits, s.BlockCacheHits + s.BlockCacheMisses)), "1", "Share of block reads that the cache answered, since the store was opened.");
        meter.CreateObservableCounter("lsmtree.filter.probes", () => Split(stores, static s => s.FilterRejections, "rejected", static s => s.FilterProbes - s.FilterRejections, "passed"), "{probe}", "Filter questions, by their answer.");
        meter.CreateObservableGauge("lsmtree.filter.rejection_ratio", () => Each(stores, static s => Ratio(s.FilterRejections, s.FilterProbes)), "1", "Share of filter questions answered \"definitely absent\", since the store was opened.");
        meter.CreateObservableCounter("lsmtree.stall.count", () => Each(stores, static s => s.Stalls), "{stall}", "Writes that were slowed down or stopped.");
        meter.CreateObservableCounter("lsmtree.stall.duration", () => Each(stores, static s => s.StallTime.TotalSeconds), "s", "Time that writes were slowed down or stopped.");
        meter.CreateObservableUpDownCounter("lsmtree.snapshot.count", () => Each(stores, static s => s.OpenSnapshots), "{snapshot}", "Open snapshots, cursors and transactions.");
        meter.CreateObservableGauge("lsmtree.snapshot.oldest_age", () => Each(stores, static s => s.OldestSnapshotAge.TotalSeconds), "s", "Age of the oldest of them.");
        meter.CreateObservableCounter("lsmtree.commit.count", () => Each(stores, static s => s.Commits), "{commit}", "Batches committed.");
        meter.CreateObservableCounter("lsmtree.log.syncs", () => Each(stores, static s => s.LogSyncs), "{sync}", "fsyncs of the log.");
        meter.CreateObservableCounter("lsmtree.get.count", () => Each(stores, static s => s.Gets), "{get}", "Point reads.");
        meter.CreateObservableCounter("lsmtree.user.written", () => Each(stores, static s => s.BytesWritten), "By", "Bytes that callers wrote: keys and values.");
        meter.CreateObservableCounter("lsmtree.io.written", () => Written(stores), "By", "Bytes written to files, by what wrote them; divided by lsmtree.user.written, the write amplification.");
        meter.CreateObservableGauge("lsmtree.store.failed", () => Each(stores, static s => s.Failure is null ? 0 : 1), "1", "1 once an error has stopped writes.");
    }

    private static List<Measurement<T>> Each<T>(OpenStores stores, Func<StoreStatistics, T> value) where T : struct
    {
        var measurements = new List<Measurement<T>>();
        foreach (var store in stores.ToList())
        {
            if (store.TryObserve(out var statistics))
            {
                measurements.Add(new Measurement<T>(value(statistics), store.Store));
            }
        }

        return measurements;
    }

    private static List<Measurement<long>> EachLevel(OpenStores stores, Func<LevelStatistics, long> value)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var store in stores.ToList())
        {
            foreach (var level in store.ObserveLevels())
            {
                measurements.Add(new Measurement<long>(value(level), store.Store, KeyValuePair.Create(StorageInstruments.LevelTag, (object?)level.Level)));
            }
        }

        return measurements;
    }

    private static List<Measurement<long>> Split(OpenStores stores, Func<StoreStatistics, long> one, string oneResult, Func<StoreStatistics, long> other, string otherResult)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var store in stores.ToList())
        {
            if (store.TryObserve(out var statistics))
            {
                measurements.Add(new Measurement<long>(one(statistics), store.Store, KeyValuePair.Create(StorageInstruments.ResultTag, (object?)oneResult)));
                measurements.Add(new Measurement<long>(other(statistics), store.Store, KeyValuePair.Create(StorageInstruments.ResultTag, (object?)otherResult)));
            }
        }

        return measurements;
    }

    private static List<Measurement<long>> Written(OpenStores stores)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var store in stores.ToList())
        {
            if (store.TryObserve(out var statistics))
            {
                measurements.Add(Kind("log", statistics.LogBytesWritten));
                measurements.Add(Kind("flush", statistics.FlushBytesWritten));
                measurements.Add(Kind("compaction", statistics.CompactionBytesWritten));
            }

            Measurement<long> Kind(string kind, long bytes) => new(bytes, store.Store, KeyValuePair.Create(StorageInstruments.KindTag, (object?)kind));
        }

        return measurements;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
