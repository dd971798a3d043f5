using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Comparisons;

/// <summary>A row of the table that the Go engine publishes, and the workload that answers it.</summary>
/// <param name="Operation">The row's name there.</param>
/// <param name="PublishedPerSecond">Its rate there.</param>
/// <param name="PublishedNanoseconds">Its time for one there.</param>
/// <param name="PublishedAllocations">Objects allocated for one there; null where the table does not say.</param>
/// <param name="Workload">What is run here.</param>
/// <param name="Adapt">Changes the settings for this row.</param>
internal sealed record SeedRow(
    string Operation,
    double PublishedPerSecond,
    double PublishedNanoseconds,
    int? PublishedAllocations,
    Workload Workload,
    Func<WorkloadSettings, WorkloadSettings> Adapt);
