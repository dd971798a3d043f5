using LsmTree.Storage;

namespace LsmTree.Workloads.Workers;

/// <summary>Walks the whole store from one end to the other, again and again; an operation is 1,000 steps of one cursor.</summary>
internal sealed class WalkWorker(WorkloadContext context, bool backward) : Worker(context)
{
    /// <summary>Steps of an operation.</summary>
    public const int Steps = 1_000;

    private StoreCursor? _cursor;

    public override void Do(long index)
    {
        var bytes = 0L;
        for (var step = 0; step < Steps; step++)
        {
            Move();
            bytes += _cursor!.Key.Length + _cursor.Value.Length;
        }

        Count(Steps, bytes);
    }

    public override void End() => _cursor?.Dispose();

    private void Move()
    {
        if (_cursor is not null && (backward ? _cursor.Prev() : _cursor.Next()))
        {
            return;
        }

        _cursor?.Dispose();
        _cursor = Store.CreateCursor();
        if (!(backward ? _cursor.SeekToLast() : _cursor.SeekToFirst()))
        {
            throw new InvalidDataException("The store is empty.");
        }
    }
}
