using LsmTree.Storage;

namespace LsmTree.Workloads.Workers;

/// <summary>Puts one entry after another.</summary>
/// <param name="context">What is shared.</param>
/// <param name="numberOf">Which key an operation writes.</param>
/// <param name="adds">Whether the keys are new to the store, the first time round.</param>
/// <param name="durability">What each put waits for; null for the store's own.</param>
internal sealed class PutWorker(WorkloadContext context, Func<long, long> numberOf, bool adds, Durability? durability = null) : Worker(context)
{
    public override void Do(long index)
    {
        Put(numberOf(index), durability);
        if (adds && index < Context.Keys)
        {
            KeysAdded++;
        }
    }
}
