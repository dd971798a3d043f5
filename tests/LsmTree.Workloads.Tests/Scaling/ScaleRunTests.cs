using System.Xml.Linq;
using LsmTree.Workloads.Reports;
using LsmTree.Workloads.Scaling;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Tests.Scaling;

public sealed class ScaleRunTests
{
    private static readonly WorkloadSettings s_settings = new() { Keys = 1_000, WarmUpSeconds = 0 };

    [Fact]
    public void A_run_loads_overwrites_and_reads_in_steps()
    {
        var told = new List<ScaleSample>();
        var report = ScaleRun.Run(s_settings, 4, told.Add, TimeProvider.System);

        Assert.Equal(told, report.Samples);
        Assert.Equal(
            "Load 250, Load 500, Load 750, Load 1000, Overwrite 1250, Overwrite 1500, Overwrite 1750, Overwrite 2000, Read 2250, Read 2500, Read 2750, Read 3000",
            string.Join(", ", report.Samples.Select(static sample => $"{sample.Phase} {sample.OperationsSoFar}")));
        Assert.All(report.Samples, static sample =>
        {
            Assert.Equal(250, sample.Latency.Samples);
            Assert.InRange(sample.WriteAmplification, 1.01, 5);
        });
        Assert.Equal(report.Samples.Select(static sample => sample.SecondsSoFar).Order(), report.Samples.Select(static sample => sample.SecondsSoFar));
        // A thousand keys in a log: after the overwrites it holds two versions of each live byte.
        Assert.InRange(report.Samples[7].SpaceAmplification / report.Samples[3].SpaceAmplification, 1.9, 2.1);
    }

    [Fact]
    public void More_steps_than_operations_are_as_many_as_operations() =>
        Assert.Equal(9, ScaleRun.Run(s_settings with { Keys = 3 }, 100, static _ => { }, TimeProvider.System).Samples.Count);

    [Fact]
    public void A_time_limit_ends_overwrites_and_reads_but_never_the_load()
    {
        var report = ScaleRun.Run(s_settings with { MaxSeconds = 1e-6 }, 4, static _ => { }, TimeProvider.System);

        Assert.Equal("Load Load Load Load Overwrite Read", string.Join(' ', report.Samples.Select(static sample => sample.Phase)));
    }

    [Fact]
    public void A_report_survives_its_file()
    {
        var report = ScaleRun.Run(s_settings, 2, static _ => { }, TimeProvider.System);

        var read = JsonText.Read<ScaleReport>(JsonText.Write(report), "it");

        Assert.Equal(report.Samples, read.Samples);
        Assert.Equal(report.Settings, read.Settings);
        Assert.Equal(report.Machine, read.Machine);
    }

    [Fact]
    public void There_are_four_plots_and_each_is_small_and_well_formed()
    {
        var report = ScaleRun.Run(s_settings, 100, static _ => { }, TimeProvider.System);

        var plots = ScalePlots.Draw(report).ToList();

        Assert.Equal(["throughput", "latency", "write-amplification", "memory"], plots.Select(static plot => plot.Name));
        Assert.All(plots, static plot =>
        {
            Assert.Equal("svg", XDocument.Parse(plot.Svg).Root!.Name.LocalName);
            Assert.InRange(plot.Svg.Length, 1_000, 30_000);
        });
    }
}
