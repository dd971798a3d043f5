namespace LsmTree.Workloads.Measuring;

/// <summary>What the process had used at one moment, or, as a difference, between two.</summary>
/// <param name="CpuSeconds">Processor time of all threads, in user code and in the kernel.</param>
/// <param name="AllocatedBytes">Bytes of managed objects allocated by all threads, those of the store's background included.</param>
/// <param name="Gen0">Collections of generation 0 and above.</param>
/// <param name="Gen1">Collections of generation 1 and above.</param>
/// <param name="Gen2">Collections of generation 2.</param>
/// <param name="ResidentBytes">Physical memory of the process, at the moment or at the end. Pages of mapped files count.</param>
internal sealed record ProcessUsage(double CpuSeconds, long AllocatedBytes, int Gen0, int Gen1, int Gen2, long ResidentBytes)
{
    public static ProcessUsage Now() => new(
        Environment.CpuUsage.TotalTime.TotalSeconds,
        GC.GetTotalAllocatedBytes(precise: true),
        GC.CollectionCount(0),
        GC.CollectionCount(1),
        GC.CollectionCount(2),
        Environment.WorkingSet);

    public ProcessUsage Since(ProcessUsage start) => new(
        CpuSeconds - start.CpuSeconds,
        AllocatedBytes - start.AllocatedBytes,
        Gen0 - start.Gen0,
        Gen1 - start.Gen1,
        Gen2 - start.Gen2,
        ResidentBytes);
}
