using LsmTree.Workloads.Measuring;

namespace LsmTree.Workloads.Definitions;

/// <summary>What one run of a workload gave.</summary>
/// <param name="Name">The workload.</param>
/// <param name="Unit">What <paramref name="PerSecond"/> counts.</param>
/// <param name="Threads">Threads that shared it.</param>
/// <param name="PerSecond">The rate.</param>
/// <param name="Figures">Operations, bytes, latency.</param>
/// <param name="Writer">Of the thread that wrote meanwhile; null when there was none.</param>
/// <param name="Store">What the store did.</param>
/// <param name="Process">What the process used.</param>
internal sealed record WorkloadResult(string Name, string Unit, int Threads, double PerSecond, LoopFigures Figures, LoopFigures? Writer, StoreWork Store, ProcessUsage Process)
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Managed bytes allocated for each unit of the rate, by any thread.</summary>
    public double AllocatedBytesPerUnit => Process.AllocatedBytes / Units;

    /// <summary>Processor time for each unit of the rate, by any thread, in nanoseconds.</summary>
    public double CpuNanosecondsPerUnit => Process.CpuSeconds * NanosecondsPerSecond / Units;

    private double Units => Math.Max(1, PerSecond * Figures.Seconds);
}
