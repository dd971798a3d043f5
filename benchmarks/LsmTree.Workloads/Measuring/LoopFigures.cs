namespace LsmTree.Workloads.Measuring;

/// <summary>What the threads of a loop did together.</summary>
/// <param name="Operations">Operations done.</param>
/// <param name="Entries">Entries written or read by them.</param>
/// <param name="Bytes">Bytes of the keys and values of those entries.</param>
/// <param name="Seconds">From the start of the first to the end of the last.</param>
/// <param name="Latency">How long operations took.</param>
internal sealed record LoopFigures(long Operations, long Entries, long Bytes, double Seconds, LatencySummary Latency)
{
    public double OperationsPerSecond => Operations / Math.Max(Seconds, double.Epsilon);

    public double EntriesPerSecond => Entries / Math.Max(Seconds, double.Epsilon);

    /// <summary>Millions of bytes of keys and values for each second.</summary>
    public double MegabytesPerSecond => Bytes / Math.Max(Seconds, double.Epsilon) / 1e6;
}
