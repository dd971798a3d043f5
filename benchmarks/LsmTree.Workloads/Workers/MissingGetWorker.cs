using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Workers;

/// <summary>Asks for keys that are not there, between keys that are.</summary>
internal sealed class MissingGetWorker(WorkloadContext context, KeyChooser keys) : Worker(context)
{
    private readonly byte[] _value = new byte[context.Settings.ValueBytes];

    public override void Do(long index)
    {
        var number = keys.Next();
        Context.KeySpace.WriteMissing(Key, number);
        if (Store.TryGet(Key, _value, out _))
        {
            throw new InvalidDataException($"The key after key {number} was never written, and is there.");
        }
    }
}
