using System.CommandLine;
using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Reports;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Commands;

/// <summary>Runs the workloads that are named, one after another, and tells what they gave.</summary>
internal static class RunCommand
{
    private const string Everything = "all";

    public static RootCommand Create(TextWriter output, TimeProvider time)
    {
        var names = new Argument<string[]>("workloads")
        {
            Description = $"Names, separated by commas or spaces; '{Everything}' for all of them. 'list' shows them.",
            Arity = ArgumentArity.OneOrMore,
        };
        names.Validators.Add(static result =>
        {
            foreach (var name in NamesIn(result.Tokens.Select(static token => token.Value)))
            {
                if (name != Everything && WorkloadCatalogue.Find(name) is null)
                {
                    result.AddError($"There is no workload '{name}'. There are: {string.Join(", ", WorkloadCatalogue.All.Select(static workload => workload.Name))}.");
                }
            }
        });
        var json = new Option<string?>("--json") { Description = "Writes everything that was measured to this file." };
        var options = new SettingsOptions(new WorkloadSettings());
        var root = new RootCommand("Measures LsmTree: named workloads, rates, latencies, amplification, resources.") { names, json };
        options.AddTo(root);
        root.SetAction(parsed =>
        {
            var report = Run(Chosen(parsed.GetRequiredValue(names)), options.ToSettings(parsed), output, time);
            if (parsed.GetValue(json) is { } path)
            {
                File.WriteAllText(path, JsonText.Write(report));
            }
        });
        return root;
    }

    private static RunReport Run(IEnumerable<Workload> workloads, WorkloadSettings settings, TextWriter output, TimeProvider time)
    {
        var tables = new ResultTables(output);
        var machine = Machine.Current(time);
        tables.WriteHeader(machine, settings);
        var results = new List<WorkloadResult>();
        using var run = new WorkloadRun(settings);
        foreach (var workload in workloads)
        {
            var result = run.Measure(workload);
            tables.WriteRates(result);
            results.Add(result);
        }

        tables.WriteResources(results);
        return new RunReport(machine, settings, results);
    }

    private static List<Workload> Chosen(IEnumerable<string> names) =>
        [.. NamesIn(names).SelectMany(static name => name == Everything ? WorkloadCatalogue.All : [WorkloadCatalogue.Find(name)!])];

    private static IEnumerable<string> NamesIn(IEnumerable<string> arguments) =>
        arguments.SelectMany(static argument => argument.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
