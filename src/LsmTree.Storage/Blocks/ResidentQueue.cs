namespace LsmTree.Storage.Blocks;

/// <summary>Blocks in the cache, first in, first out, with their bytes. Belongs to <see cref="BlockCache"/> and is guarded by its gate.</summary>
/// <remarks>
/// Residents of a closed table stay behind as "dead" until they reach the head or outnumber the living, whichever comes first; their bytes are
/// free and their charge is gone at once.
/// </remarks>
internal sealed class ResidentQueue
{
    private readonly Queue<Resident> _queue = new();
    private int _dead;

    /// <summary>Bytes charged for the living.</summary>
    public long Bytes { get; private set; }

    /// <summary>The living.</summary>
    public int Count => _queue.Count - _dead;

    public void Enqueue(Resident resident)
    {
        _queue.Enqueue(resident);
        Bytes += resident.ChargedBytes;
    }

    /// <summary>Takes the oldest resident out.</summary>
    public bool TryDequeue(out Resident resident)
    {
        while (_queue.TryDequeue(out resident))
        {
            if (!resident.Slots.IsClosed)
            {
                Bytes -= resident.ChargedBytes;
                return true;
            }

            _dead--;
        }

        return false;
    }

    /// <summary>A resident of <paramref name="chargedBytes"/> belongs to a table that is closed now: it stays behind, dead and free of charge.</summary>
    public void Bury(int chargedBytes)
    {
        Bytes -= chargedBytes;
        _dead++;
    }

    /// <summary>Removes the dead when they outnumber the living, so that each removal is paid for by a burial.</summary>
    public void SweepDead()
    {
        if (_dead <= Count)
        {
            return;
        }

        for (var left = _queue.Count; left > 0; left--)
        {
            var resident = _queue.Dequeue();
            if (!resident.Slots.IsClosed)
            {
                _queue.Enqueue(resident);
            }
        }

        _dead = 0;
        _queue.TrimExcess();
    }

    /// <summary>One cached block.</summary>
    /// <param name="Slots">Its table's slots.</param>
    /// <param name="Ordinal">Its place among them.</param>
    /// <param name="ChargedBytes">What it counts for.</param>
    public readonly record struct Resident(BlockSlots Slots, int Ordinal, int ChargedBytes);
}
