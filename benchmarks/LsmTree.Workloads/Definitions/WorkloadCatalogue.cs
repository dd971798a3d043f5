using LsmTree.Storage;
using LsmTree.Workloads.Numbers;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Definitions;

/// <summary>Every workload, in the order in which "all" runs them.</summary>
internal static class WorkloadCatalogue
{
    private const int SyncsPerThread = 1_000;
    private const int ShortScan = 10;
    private const int LongScan = 1_000;
    private const int HotShare = 100;
    private const int OneGetIn = 16;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("fillseq", "put every key, in key order", StartState.Empty, "ops",
            static (context, _) => new PutWorker(context, static index => index, adds: true)) { Writes = true },
        new("fillrandom", "put every key, in shuffled order", StartState.Empty, "ops",
            static (context, _) => new PutWorker(context, context.Order.At, adds: true)) { Writes = true },
        new("fillbatch", "put every key, in shuffled order, in batches of --batch", StartState.Empty, "entries",
            static (context, _) => new BatchWorker(context))
        {
            Writes = true,
            DefaultOperations = static settings => Math.Max(1, settings.Keys / settings.BatchEntries),
        },
        new("fillsync", "put keys in shuffled order, each waiting for its fsync", StartState.Empty, "ops",
            static (context, _) => new PutWorker(context, context.Order.At, adds: true, Durability.Full))
        {
            Writes = true,
            DefaultOperations = static settings => Math.Min(settings.Keys, SyncsPerThread * (long)settings.Threads),
        },
        new("overwrite", "put keys that are there, chosen at random", StartState.Loaded, "ops",
            static (context, thread) => Overwrite(context, thread)) { Writes = true },
        new("readmem", "get keys that are in the memtable, chosen at random", StartState.InMemtable, "ops",
            static (context, thread) => new GetWorker(context, new UniformKeys(context.Keys, context.CreateRandom(thread)))) { DefaultTimeOneIn = OneGetIn },
        new("readrandom", "get keys, chosen at random", StartState.Loaded, "ops",
            static (context, thread) => new GetWorker(context, new UniformKeys(context.Keys, context.CreateRandom(thread)))) { DefaultTimeOneIn = OneGetIn },
        new("readmissing", "get keys that are absent, between keys that are present", StartState.Loaded, "ops",
            static (context, thread) => new MissingGetWorker(context, new UniformKeys(context.Keys, context.CreateRandom(thread)))) { DefaultTimeOneIn = OneGetIn },
        new("readhot", "get keys from one hundredth of the key range", StartState.Loaded, "ops",
            static (context, thread) => new GetWorker(context, new UniformKeys(Math.Max(1, context.Keys / HotShare), context.CreateRandom(thread)))) { DefaultTimeOneIn = OneGetIn },
        new("readseq", "walk the store forward (a latency is that of 1,000 steps)", StartState.Loaded, "entries",
            static (context, _) => new WalkWorker(context, backward: false)) { DefaultOperations = Walks },
        new("readreverse", "walk the store backward (a latency is that of 1,000 steps)", StartState.Loaded, "entries",
            static (context, _) => new WalkWorker(context, backward: true)) { DefaultOperations = Walks },
        new("seekrandom", "a new cursor, a seek, one entry", StartState.Loaded, "scans",
            static (context, thread) => Scans(context, thread, 1)) { DefaultOperations = static settings => Math.Max(1, settings.Keys / 10) },
        new("scan10", "a new cursor, a seek, ten entries", StartState.Loaded, "scans",
            static (context, thread) => Scans(context, thread, ShortScan)) { DefaultOperations = static settings => Math.Max(1, settings.Keys / 10) },
        new("scan1000", "a new cursor, a seek, a thousand entries", StartState.Loaded, "scans",
            static (context, thread) => Scans(context, thread, LongScan)) { DefaultOperations = static settings => Math.Max(1, settings.Keys / 500) },
        new("readwhilewriting", "get keys at random while one more thread overwrites at random", StartState.Loaded, "ops",
            static (context, thread) => new GetWorker(context, new UniformKeys(context.Keys, context.CreateRandom(thread))))
        {
            Writes = true,
            DefaultTimeOneIn = OneGetIn,
            CreateCompanion = static context => Overwrite(context, context.Settings.Threads),
        },
        new("deleterandom", "delete every key, in shuffled order", StartState.Loaded, "ops",
            static (context, _) => new DeleteWorker(context)) { Writes = true },
        new("deleterange", "delete every key, in ranges of 100, in shuffled order", StartState.Loaded, "ops",
            static (context, _) => new DeleteRangeWorker(context))
        {
            Writes = true,
            DefaultOperations = static settings => DeleteRangeWorker.RangesOf(settings.Keys),
        },
        Mixed("ycsb-a", "half reads, half updates, Zipfian", new Mix(Reads: 0.5, Updates: 0.5), Zipfian),
        Mixed("ycsb-b", "95% reads, 5% updates, Zipfian", new Mix(Reads: 0.95, Updates: 0.05), Zipfian),
        Mixed("ycsb-c", "reads, Zipfian", new Mix(Reads: 1), Zipfian),
        Mixed("ycsb-d", "95% reads of the newest, 5% inserts", new Mix(Reads: 0.95, Inserts: 0.05), Latest),
        Mixed("ycsb-e", "95% scans of 1 to 100 entries, 5% inserts, Zipfian", new Mix(Scans: 0.95, Inserts: 0.05), Zipfian),
        Mixed("ycsb-f", "half reads, half read-modify-writes, Zipfian", new Mix(Reads: 0.5, ReadModifyWrites: 0.5), Zipfian),
    ];

    /// <summary>The workload of that name; null when there is none.</summary>
    public static Workload? Find(string name) => All.FirstOrDefault(workload => workload.Name == name);

    private static long Walks(WorkloadSettings settings) => Math.Max(1, settings.Keys / WalkWorker.Steps);

    private static PutWorker Overwrite(WorkloadContext context, int thread)
    {
        var keys = new UniformKeys(context.Keys, context.CreateRandom(thread));
        return new PutWorker(context, _ => keys.Next(), adds: false);
    }

    private static ScanWorker Scans(WorkloadContext context, int thread, int entries) =>
        new(context, new UniformKeys(context.Keys, context.CreateRandom(thread)), entries);

    private static Workload Mixed(string name, string description, Mix mix, Func<WorkloadContext, SplitMix64, KeyChooser> keys) =>
        new(name, description, StartState.Loaded, "ops", (context, thread) =>
        {
            var random = context.CreateRandom(thread);
            return new MixedWorker(context, mix, keys(context, random), random);
        })
        {
            Writes = mix.Updates + mix.Inserts + mix.ReadModifyWrites > 0,
        };

    private static ScrambledZipfianKeys Zipfian(WorkloadContext context, SplitMix64 random) => new(context.Keys, random);

    private static LatestKeys Latest(WorkloadContext context, SplitMix64 random) => new(context.Keys, () => context.ClaimedKeys, random);
}
