using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Definitions;

/// <summary>One workload by name: where it starts, what an operation is, how many there are.</summary>
/// <param name="Name">What it is called on the command line; db_bench's name where db_bench has it.</param>
/// <param name="Description">One line.</param>
/// <param name="Start">What the store holds at the start.</param>
/// <param name="Unit">What the rate counts: "ops", "entries" or "scans".</param>
/// <param name="CreateWorker">Makes one thread's worker; the number is the thread's.</param>
internal sealed record Workload(string Name, string Description, StartState Start, string Unit, Func<WorkloadContext, int, Worker> CreateWorker)
{
    /// <summary>Whether it changes the store, so that the next workload needs a new one.</summary>
    public bool Writes { get; init; }

    /// <summary>Operations when the command line does not say.</summary>
    public Func<WorkloadSettings, long> DefaultOperations { get; init; } = static settings => settings.Keys;

    /// <summary>Makes the worker of one more thread that works until the others are done; null for none.</summary>
    public Func<WorkloadContext, Worker>? CreateCompanion { get; init; }

    /// <summary>One operation in this many is timed when the command line does not say. Default: each; gets, which take no longer than a few looks at the clock, say 16.</summary>
    public int DefaultTimeOneIn { get; init; } = 1;

    /// <summary>The workers of as many threads as the settings say.</summary>
    public List<Worker> CreateWorkers(WorkloadContext context) =>
        [.. Enumerable.Range(0, context.Settings.Threads).Select(thread => CreateWorker(context, thread))];
}
