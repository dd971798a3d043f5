using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Workers;

/// <summary>Creates a cursor, seeks a key and reads a number of entries from there; that is one operation.</summary>
internal sealed class ScanWorker(WorkloadContext context, KeyChooser keys, int entries) : Worker(context)
{
    public override void Do(long index) => Scan(keys.Next(), entries);
}
