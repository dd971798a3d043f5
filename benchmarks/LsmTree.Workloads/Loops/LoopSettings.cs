namespace LsmTree.Workloads.Loops;

/// <summary>How a loop runs.</summary>
/// <param name="TimeOneIn">One operation in this many is timed. 1 when there is a rate.</param>
/// <param name="MaxSeconds">Ends the loop early; null for no limit.</param>
/// <param name="Rate">Operations a second of all threads together; null for as many as possible.</param>
internal sealed record LoopSettings(int TimeOneIn = 1, double? MaxSeconds = null, double? Rate = null);
