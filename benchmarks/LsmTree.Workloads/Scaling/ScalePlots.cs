using System.Globalization;
using LsmTree.Workloads.Plots;

namespace LsmTree.Workloads.Scaling;

/// <summary>The four plots of a scale run.</summary>
internal static class ScalePlots
{
    private const double Mebi = 1 << 20;
    private const long SpareBytes = 64L << 20; // What the process may take beside what the settings give the store.
    private const int Memtables = 3;

    /// <summary>Draws them.</summary>
    /// <returns>The last part of each file's name, and its content.</returns>
    public static IEnumerable<(string Name, string Svg)> Draw(ScaleReport report) =>
        Plots(report).Select(static named => (named.Name, SvgPlot.Draw(named.Plot)));

    private static IEnumerable<(string Name, Plot Plot)> Plots(ScaleReport report)
    {
        yield return ("throughput", Create(report, "Throughput as the store grows", "operations a second",
            Line(report, "operations a second", static sample => sample.PerSecond)));
        yield return ("latency", Create(report, "Latency of each step", "microseconds, logarithmic",
            Line(report, "maximum", static sample => sample.Latency.Max),
            Line(report, "p99.9", static sample => sample.Latency.P999),
            Line(report, "p99", static sample => sample.Latency.P99),
            Line(report, "median", static sample => sample.Latency.P50)) with
        { IsLogarithmic = true });
        yield return ("write-amplification", Create(report, "Amplification", "bytes for each byte",
            Line(report, "written for each byte put", static sample => sample.WriteAmplification),
            Line(report, "on disk for each live byte", static sample => sample.SpaceAmplification)));
        var budget = (report.Settings.CacheBytes + (Memtables * report.Settings.MemtableBytes) + SpareBytes) / Mebi;
        yield return ("memory", Create(report, "Memory", "MiB",
            Line(report, "resident", static sample => sample.ResidentBytes / Mebi),
            Line(report, "memtables", static sample => sample.MemtableBytes / Mebi),
            Line(report, "block cache", static sample => sample.CacheBytes / Mebi),
            new PlotSeries("cache + 3 memtables + 64 MiB", [(0, budget), (report.Samples.Max(static sample => (double)sample.OperationsSoFar), budget)]) { IsLimit = true }));
    }

    private static Plot Create(ScaleReport report, string title, string vertical, params PlotSeries[] series)
    {
        var settings = report.Settings;
        var subtitle = string.Create(CultureInfo.InvariantCulture,
            $"{settings.Keys:N0} keys, {settings.KeyBytes} + {settings.ValueBytes} bytes, memtable {settings.MemtableBytes / Mebi:0.#} MiB, cache {settings.CacheBytes / Mebi:0.#} MiB, {report.Machine.Processors} processors, {settings.Threads} thread(s)");
        return new Plot(title, subtitle, "operations since the start", vertical, series) { Stretches = [.. Stretches(report)] };
    }

    private static PlotSeries Line(ScaleReport report, string name, Func<ScaleSample, double> value) =>
        new(name, [.. report.Samples.Select(sample => ((double)sample.OperationsSoFar, value(sample)))]);

    private static IEnumerable<(double From, string Name)> Stretches(ScaleReport report)
    {
        var from = 0L;
        foreach (var phase in report.Samples.GroupBy(static sample => sample.Phase))
        {
            yield return (from, phase.Key switch
            {
                ScalePhase.Load => "load →",
                ScalePhase.Overwrite => "overwrite →",
                _ => "read →",
            });
            from = phase.Max(static sample => sample.OperationsSoFar);
        }
    }
}
