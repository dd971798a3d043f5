using LsmTree.Workloads.Measuring;

namespace LsmTree.Workloads.Scaling;

/// <summary>One step of a scale run.</summary>
/// <param name="Phase">The part of the run.</param>
/// <param name="OperationsSoFar">Operations of the run up to the end of the step, all phases together.</param>
/// <param name="SecondsSoFar">Time of the run up to the end of the step.</param>
/// <param name="PerSecond">Operations a second in the step.</param>
/// <param name="Latency">Latencies of the step, in microseconds.</param>
/// <param name="WriteAmplification">Bytes written to logs and tables for each byte that was put, since the run began.</param>
/// <param name="SpaceAmplification">Bytes of tables and logs for each byte of live keys and values.</param>
/// <param name="ResidentBytes">Physical memory of the process, pages of mapped files included.</param>
/// <param name="ManagedBytes">Bytes that the garbage collector holds.</param>
/// <param name="CacheBytes">Bytes in the block cache.</param>
/// <param name="MemtableBytes">Bytes in memtables.</param>
/// <param name="TableBytes">Bytes of live tables.</param>
/// <param name="CompactionDebtBytes">Bytes that compactions have still to move.</param>
/// <param name="StallSeconds">Time that writes were slowed down or stopped since the run began.</param>
/// <param name="BlockReadsPerOperation">Blocks read from files for each operation of the step, by the caller's threads and in the background.</param>
/// <param name="Gen2Collections">Collections of generation 2 since the run began.</param>
internal sealed record ScaleSample(
    ScalePhase Phase,
    long OperationsSoFar,
    double SecondsSoFar,
    double PerSecond,
    LatencySummary Latency,
    double WriteAmplification,
    double SpaceAmplification,
    long ResidentBytes,
    long ManagedBytes,
    long CacheBytes,
    long MemtableBytes,
    long TableBytes,
    long CompactionDebtBytes,
    double StallSeconds,
    double BlockReadsPerOperation,
    int Gen2Collections);
