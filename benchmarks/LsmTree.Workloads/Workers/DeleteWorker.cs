namespace LsmTree.Workloads.Workers;

/// <summary>Deletes one key after another, in shuffled order.</summary>
internal sealed class DeleteWorker(WorkloadContext context) : Worker(context)
{
    public override void Do(long index)
    {
        Context.KeySpace.Write(Key, Context.Order.At(index));
        Store.Delete(Key);
        Count(1, Key.Length);
        KeysAdded -= index < Context.Keys ? 1 : 0;
    }
}
