namespace LsmTree.Workloads.Workers;

/// <summary>The shares of a mixed workload; they add up to 1.</summary>
/// <param name="Reads">Gets.</param>
/// <param name="Updates">Puts of keys that are there.</param>
/// <param name="Inserts">Puts of new keys.</param>
/// <param name="Scans">Scans of 1 to 100 entries.</param>
/// <param name="ReadModifyWrites">A get and a put of the same key, timed as one operation.</param>
internal sealed record Mix(double Reads = 0, double Updates = 0, double Inserts = 0, double Scans = 0, double ReadModifyWrites = 0);
