using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Workers;

/// <summary>Reads one key after another that is there.</summary>
internal sealed class GetWorker(WorkloadContext context, KeyChooser keys) : Worker(context)
{
    public override void Do(long index) => Get(keys.Next());
}
