using System.CommandLine;
using LsmTree.Workloads.Comparisons;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Commands;

/// <summary>Prints the table of the Go engine that LsmTree set out from, measured here.</summary>
internal static class SeedCommand
{
    public static Command Create(TextWriter output)
    {
        var options = new SettingsOptions(new WorkloadSettings());
        var command = new Command("seed", "Run the rows of the table that the Go engine 'lsmtree' publishes, and print both beside each other.");
        options.AddTo(command);
        command.SetAction(parsed => SeedTable.Run(options.ToSettings(parsed), output));
        return command;
    }
}
