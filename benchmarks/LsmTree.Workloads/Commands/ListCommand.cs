using System.CommandLine;
using LsmTree.Workloads.Definitions;

namespace LsmTree.Workloads.Commands;

/// <summary>Says which workloads there are.</summary>
internal static class ListCommand
{
    private const int NameWidth = 18;

    public static Command Create(TextWriter output)
    {
        var command = new Command("list", "Show the workloads, and where each starts.");
        command.SetAction(_ =>
        {
            foreach (var workload in WorkloadCatalogue.All)
            {
                output.WriteLine($"{workload.Name.PadRight(NameWidth)}{StateOf(workload.Start).PadRight(NameWidth)}{workload.Description}");
            }
        });
        return command;
    }

    private static string StateOf(StartState state) => state switch
    {
        StartState.Empty => "empty store",
        StartState.InMemtable => "keys in memtable",
        _ => "loaded store",
    };
}
