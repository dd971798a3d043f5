using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Reports;

/// <summary>Everything about one run, as the JSON file keeps it.</summary>
internal sealed record RunReport(Machine Machine, WorkloadSettings Settings, IReadOnlyList<WorkloadResult> Results);
