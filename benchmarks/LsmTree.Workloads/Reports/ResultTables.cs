using System.Globalization;
using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Reports;

/// <summary>Results as text: rates and latencies as they come, resources in a second table at the end.</summary>
internal sealed class ResultTables(TextWriter output)
{
    private const int NameWidth = 18;

    private readonly TextTable _rates = new(output,
        ("workload", NameWidth), ("per second", 13), ("", 7), ("MB/s", 9), ("p50 µs", 9), ("p95", 9), ("p99", 9), ("p99.9", 10), ("max", 11));

    private readonly TextTable _resources = new(output,
        ("workload", NameWidth), ("write amp", 9), ("space amp", 9), ("blocks/op", 9), ("reads/op", 8), ("stalls ms", 9), ("debt MiB", 9),
        ("CPU ns", 10), ("RSS MiB", 9), ("alloc B", 9), ("gen 0/1/2", 10));

    public void WriteHeader(Machine machine, WorkloadSettings settings)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{machine.Processors} processors, {machine.Architecture}, {machine.System}, {machine.Runtime}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{settings.Keys:N0} keys of {settings.KeyBytes} B, values of {settings.ValueBytes} B, memtable {Figure.Mebibytes(settings.MemtableBytes)} MiB, cache {Figure.Mebibytes(settings.CacheBytes)} MiB, bloom {settings.BloomBits} bits, compression {settings.Compression}, durability {settings.Durability}, {settings.Threads} thread(s), {PaceOf(settings)}"));
        if (!machine.Optimized)
        {
            output.WriteLine("This is a Debug build: its figures are worthless. Run with -c Release.");
        }

        output.WriteLine();
        _rates.WriteHeader();
    }

    public void WriteRates(WorkloadResult result)
    {
        WriteRates(result.Name, result.Unit, result.PerSecond, result.Figures);
        if (result.Writer is { } writer)
        {
            WriteRates("  its writer", "ops", writer.OperationsPerSecond, writer);
        }
    }

    public void WriteResources(IEnumerable<WorkloadResult> results)
    {
        output.WriteLine();
        _resources.WriteHeader();
        foreach (var result in results)
        {
            _resources.WriteRow(
                result.Name,
                Figure.Ratio(result.Store.WriteAmplification),
                Figure.Ratio(result.Store.SpaceAmplification),
                Figure.Ratio(result.Store.BlocksPerOperation),
                Figure.Ratio(result.Store.BlockReadsPerOperation),
                (result.Store.StallSeconds * 1_000).ToString("N0", CultureInfo.InvariantCulture),
                Figure.Mebibytes(result.Store.CompactionDebtBytes),
                result.CpuNanosecondsPerUnit.ToString("N0", CultureInfo.InvariantCulture),
                Figure.Mebibytes(result.Process.ResidentBytes),
                Figure.Bytes(result.AllocatedBytesPerUnit),
                $"{result.Process.Gen0}/{result.Process.Gen1}/{result.Process.Gen2}");
        }
    }

    private void WriteRates(string name, string unit, double perSecond, LoopFigures figures) => _rates.WriteRow(
        name,
        Figure.Rate(perSecond),
        unit,
        Figure.Rate(figures.MegabytesPerSecond),
        Figure.Microseconds(figures.Latency.P50),
        Figure.Microseconds(figures.Latency.P95),
        Figure.Microseconds(figures.Latency.P99),
        Figure.Microseconds(figures.Latency.P999),
        Figure.Microseconds(figures.Latency.Max));

    private static string PaceOf(WorkloadSettings settings) => settings.Rate is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"{rate:N0} operations a second (latency from the moment that each was due)")
        : "closed loop (latency of each call)";
}
