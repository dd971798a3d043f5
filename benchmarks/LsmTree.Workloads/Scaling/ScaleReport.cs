using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Scaling;

/// <summary>A scale run, as its JSON file keeps it. Plots are made from this and nothing else.</summary>
internal sealed record ScaleReport(Machine Machine, WorkloadSettings Settings, IReadOnlyList<ScaleSample> Samples);
