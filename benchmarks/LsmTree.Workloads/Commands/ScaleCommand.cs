using System.CommandLine;
using LsmTree.Workloads.Reports;
using LsmTree.Workloads.Scaling;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Commands;

/// <summary>Loads a store that outgrows its cache, overwrites it, reads it, and writes samples and plots.</summary>
internal static class ScaleCommand
{
    private const int DefaultSteps = 100;
    private const int MostSteps = 10_000;

    private static readonly WorkloadSettings s_defaults = new() { Keys = 10_000_000, CacheBytes = 64L << 20 };

    public static Command Create(TextWriter output, TimeProvider time)
    {
        var options = new SettingsOptions(s_defaults);
        var steps = new Option<int>("--steps") { Description = "Samples in each phase.", DefaultValueFactory = static _ => DefaultSteps };
        steps.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > MostSteps)
            {
                result.AddError($"--steps takes 1 to {MostSteps}.");
            }
        });
        var json = new Option<string>("--json") { Description = "Where the samples go; plots go beside it.", DefaultValueFactory = static _ => "scale.json" };
        var command = new Command("scale", "Load, overwrite and read more than the cache holds; write a sample for each step, and plots.") { steps, json };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var table = new TextTable(output,
                ("phase", 10), ("operations", 13), ("seconds", 8), ("per second", 11), ("p99 µs", 9), ("p99.9", 9), ("max", 10), ("write amp", 9), ("space amp", 9), ("RSS MiB", 9), ("debt MiB", 9));
            table.WriteHeader();
            var report = ScaleRun.Run(options.ToSettings(parsed), parsed.GetValue(steps), sample => WriteRow(table, sample), time);
            var path = parsed.GetRequiredValue(json);
            File.WriteAllText(path, JsonText.Write(report));
            PlotCommand.WritePlots(report, path, Path.GetDirectoryName(Path.GetFullPath(path))!, output);
        });
        return command;
    }

    private static void WriteRow(TextTable table, ScaleSample sample) => table.WriteRow(
        sample.Phase.ToString(),
        Figure.Rate(sample.OperationsSoFar),
        Figure.Microseconds(sample.SecondsSoFar),
        Figure.Rate(sample.PerSecond),
        Figure.Microseconds(sample.Latency.P99),
        Figure.Microseconds(sample.Latency.P999),
        Figure.Microseconds(sample.Latency.Max),
        Figure.Ratio(sample.WriteAmplification),
        Figure.Ratio(sample.SpaceAmplification),
        Figure.Mebibytes(sample.ResidentBytes),
        Figure.Mebibytes(sample.CompactionDebtBytes));
}
