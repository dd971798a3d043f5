using System.Globalization;
using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Reports;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Comparisons;

/// <summary>The benchmark table of the Go engine "lsmtree" (github.com/rahulgpt/lsmtree), row by row, with what LsmTree does on this machine beside it.</summary>
/// <remarks>
/// The published figures come from a 2020 MacBook Air (M1, 8 GB), so the two columns are two machines as well as two engines. The Go table counts
/// objects allocated for an operation, this one bytes. "Hot" means what it must there: a handful of keys that stay in the processor's caches.
/// </remarks>
internal static class SeedTable
{
    private const long HotKeys = 1_000;
    private const long PublishedLookups = 100_000;
    private const double NanosecondsPerSecond = 1e9;

    public static IReadOnlyList<SeedRow> Rows { get; } =
    [
        new("Single put", 550_000, 1_818, 1, Named("fillrandom"), static settings => settings),
        new("Batch put (100, sustained)", 440_000, 2_277, 15, Named("fillbatch"), static settings => settings with { BatchEntries = 100 }),
        new("Get (memtable), hot", 10_700_000, 93, 0, Named("readmem"), static settings => settings with { Keys = Math.Min(settings.Keys, HotKeys), Operations = settings.Keys }),
        new("Get (memtable), 100,000 keys", 10_700_000, 93, 0, Named("readmem"), static settings => settings),
        new("Get (SSTable)", 347_000, 2_879, 13, Named("readrandom"), static settings => settings),
        new("Get (bloom miss)", 7_600_000, 131, 0, Named("readmissing"), static settings => settings),
        new("Scan 1000 keys (memtable)", 66_000, 14_995, 7, Named("scan1000") with { Start = StartState.InMemtable }, static settings => settings),
        new("Scan 1000 keys (tables)", 66_000, 14_995, 7, Named("scan1000"), static settings => settings),
        new("100K lookups in all keys", PublishedLookups / 0.645, 6_452, null, Named("readrandom"), static settings => settings with { Operations = PublishedLookups }),
        new("100K negative lookups", PublishedLookups / 0.021, 213, null, Named("readmissing"), static settings => settings with { Operations = PublishedLookups }),
    ];

    public static void Run(WorkloadSettings settings, TextWriter output)
    {
        var table = new TextTable(output,
            ("operation", 29), ("published/s", 12), ("ns", 8), ("allocs", 7), ("here/s", 13), ("ns", 9), ("bytes", 8), ("ratio", 7));
        table.WriteHeader();
        foreach (var row in Rows)
        {
            using var run = new WorkloadRun(row.Adapt(settings));
            var result = run.Measure(row.Workload);
            table.WriteRow(
                row.Operation,
                Figure.Rate(row.PublishedPerSecond),
                row.PublishedNanoseconds.ToString("N0", CultureInfo.InvariantCulture),
                row.PublishedAllocations?.ToString(CultureInfo.InvariantCulture) ?? "-",
                Figure.Rate(result.PerSecond),
                (NanosecondsPerSecond / result.PerSecond).ToString("N0", CultureInfo.InvariantCulture),
                Figure.Bytes(result.AllocatedBytesPerUnit),
                Figure.Ratio(result.PerSecond / row.PublishedPerSecond));
        }
    }

    private static Workload Named(string name) => WorkloadCatalogue.Find(name) ?? throw new InvalidOperationException($"There is no workload {name}.");
}
