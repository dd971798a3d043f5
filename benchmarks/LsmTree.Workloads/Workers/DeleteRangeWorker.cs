using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Workers;

/// <summary>Deletes ranges of keys that lie side by side, in shuffled order; an operation is a range.</summary>
internal sealed class DeleteRangeWorker(WorkloadContext context) : Worker(context)
{
    /// <summary>Keys in a range.</summary>
    public const int RangeKeys = 100;

    private readonly byte[] _end = context.KeySpace.CreateKey();
    private readonly long _ranges = RangesOf(context.Keys);
    private readonly Permutation _order = new(RangesOf(context.Keys), context.Settings.Seed);

    /// <summary>Ranges that hold that many keys.</summary>
    public static long RangesOf(long keys) => (keys + RangeKeys - 1) / RangeKeys;

    public override void Do(long index)
    {
        var from = _order.At(index) * RangeKeys;
        var to = Math.Min(Context.Keys, from + RangeKeys);
        Context.KeySpace.Write(Key, from);
        Context.KeySpace.Write(_end, to);
        Store.DeleteRange(Key, _end);
        Count(to - from, Key.Length + _end.Length);
        KeysAdded -= index < _ranges ? to - from : 0;
    }
}
