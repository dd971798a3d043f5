using System.CommandLine;
using LsmTree.Workloads.Reports;
using LsmTree.Workloads.Scaling;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Commands;

/// <summary>Shows what a store takes on the disk and in memory while it is loaded, overwritten twice and half deleted, and when it is left alone.</summary>
internal static class SpaceCommand
{
    private const int Memtables = 3;
    private const double Mebi = 1 << 20;

    private static readonly WorkloadSettings s_defaults = new() { Keys = 10_000_000, CacheBytes = 64L << 20 };

    public static Command Create(TextWriter output)
    {
        var options = new SettingsOptions(s_defaults);
        var command = new Command("space", "Load, overwrite twice, delete half, rest: space against live data, memory against the budget.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = options.ToSettings(parsed);
            var budget = settings.CacheBytes + (Memtables * settings.MemtableBytes);
            output.WriteLine($"{settings.Keys:N0} keys; budget {budget / Mebi:N0} MiB: the cache and {Memtables} memtables");
            var table = new TextTable(output, ("phase", 12), ("seconds", 8), ("live MiB", 9), ("files MiB", 10), ("space amp", 9), ("write amp", 9), ("RSS MiB", 9));
            table.WriteHeader();
            SpaceRun.Run(settings, sample => table.WriteRow(
                sample.Phase,
                Figure.Rate(sample.Seconds),
                Figure.Mebibytes(sample.LiveBytes),
                Figure.Mebibytes(sample.FileBytes),
                Figure.Ratio(sample.SpaceAmplification),
                Figure.Ratio(sample.WriteAmplification),
                Figure.Mebibytes(sample.ResidentBytes)));
        });
        return command;
    }
}
