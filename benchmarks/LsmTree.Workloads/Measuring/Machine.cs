using System.Runtime.InteropServices;

namespace LsmTree.Workloads.Measuring;

/// <summary>Where figures were measured; figures without it mean nothing.</summary>
/// <param name="Processors">Processors that the process may use.</param>
/// <param name="Architecture">The architecture of the process.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The runtime.</param>
/// <param name="MemoryBytes">Memory that the runtime may use.</param>
/// <param name="Optimized">False for a build whose figures are worthless.</param>
/// <param name="When">The day of the run.</param>
internal sealed record Machine(int Processors, string Architecture, string System, string Runtime, long MemoryBytes, bool Optimized, DateTimeOffset When)
{
    public static Machine Current(TimeProvider time) => new(
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        IsOptimized,
        time.GetUtcNow());

#if DEBUG
    private static bool IsOptimized => false;
#else
    private static bool IsOptimized => true;
#endif
}
