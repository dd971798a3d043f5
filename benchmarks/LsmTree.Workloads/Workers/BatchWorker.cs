using LsmTree.Storage;

namespace LsmTree.Workloads.Workers;

/// <summary>Writes batches of entries in shuffled order; an operation is a batch.</summary>
internal sealed class BatchWorker(WorkloadContext context) : Worker(context)
{
    private readonly WriteBatch _batch = new();

    public override void Do(long index)
    {
        _batch.Clear();
        var entries = Context.Settings.BatchEntries;
        var bytes = 0L;
        for (var place = index * entries; place < (index + 1) * entries; place++)
        {
            var number = Context.Order.At(place);
            Context.KeySpace.Write(Key, number);
            var value = Context.Values.ValueOf(number);
            _batch.Put(Key, value);
            bytes += Key.Length + value.Length;
            KeysAdded += place < Context.Keys ? 1 : 0;
        }

        Store.Write(_batch);
        Count(entries, bytes);
    }
}
