using System.Diagnostics;

namespace LsmTree.Storage.Blocks;

/// <summary>Decides which blocks of all open tables stay in memory. Bounded in bytes, and not washed out by one long scan.</summary>
/// <remarks>
/// <para>The cache is never asked for a block: each table looks in its own <see cref="BlockSlots"/>. The cache fills slots and, when it is over budget,
/// empties them. A hit therefore takes no lock, no hash and no shared counter; the one lock is taken by a miss, after its read.</para>
/// <para>Which block goes: S3-FIFO (Yang et al., SOSP 2023). A new block enters a small queue on probation, a tenth of the budget. At its head, a
/// block that was met again moves to the main queue and any other leaves: so a scan flows through the tenth. The main queue is a CLOCK: at its head
/// a block that was met again gets another round. A block that comes back soon after it failed its probation enters the main queue at once; the
/// paper keeps a queue of such ghosts, here the slot itself remembers when its block left.</para>
/// <code>
///   miss ──→ [ probation, 1/10 ] ──met again──→ [ main, 9/10 ] ⟲ met again
///                   │ not met: leaves,  ──back soon──↗   │ not met: leaves
/// </code>
/// <para>What open tables hold besides (filters, indexes, slots) is charged to the same budget: blocks get what it leaves, but always a quarter, since
/// a store that has no block at hand for all its indexes would read every block again and again.</para>
/// <para>Blocks are garbage-collected arrays and are never used for another block, so evicting one cannot hurt who still reads it.</para>
/// <para>Invariants, under the gate: (1) a slot holds an array exactly when one living resident stands for it; (2) the charges of the living add up to
/// <see cref="Bytes"/>, and that is within <see cref="BlockBudget"/> whenever the gate is free.</para>
/// </remarks>
internal sealed class BlockCache
{
    /// <summary>What a cached block takes besides its contents and trailer: array header, slot and resident, in bytes.</summary>
    public const int BytesPerBlock = 64;

    /// <summary>Probation gets one part of this many, as in the paper.</summary>
    private const int ProbationParts = 10;

    /// <summary>A block larger than one part of this many of the budget is not cached: it would push out too much.</summary>
    private const int LargestParts = 4;

    /// <summary>Blocks get at least one part of this many of the budget, however much open tables hold.</summary>
    private const int LeastBlockParts = 4;

    /// <summary>Blocks that one insertion may pass over before it evicts regardless: bounds the time under the gate.</summary>
    private const int MaxSecondChances = 128;

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly ResidentQueue _probation = new();
    private readonly ResidentQueue _main = new();
    private uint _departures = 1;

    // Their own synchronisation.
    private long _bytes;
    private long _pinnedBytes;
    private long _evictions;
    private long _hits;
    private long _misses;
    private long _readAheads;

    /// <param name="capacityBytes">The budget in bytes; 0 caches nothing.</param>
    public BlockCache(long capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        CapacityBytes = capacityBytes;
    }

    public long CapacityBytes { get; }

    /// <summary>Bytes that open tables hold besides their cached blocks now.</summary>
    public long PinnedBytes => Volatile.Read(ref _pinnedBytes);

    /// <summary>Bytes that cached blocks may take now: what open tables leave of the budget, and at least a quarter of it.</summary>
    public long BlockBudget => Math.Max(CapacityBytes - PinnedBytes, CapacityBytes / LeastBlockParts);

    /// <summary>Bytes charged for cached blocks now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Blocks that gave way to others since the cache was made.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Block reads answered by the cache, as far as they were reported.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>Block reads that went to a file, as far as they were reported.</summary>
    public long Misses => Volatile.Read(ref _misses);

    /// <summary>Reads of files that fetched many blocks at once for a scan, as far as they were reported.</summary>
    public long ReadAheads => Volatile.Read(ref _readAheads);

    /// <summary>Blocks cached now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _probation.Count + _main.Count;
            }
        }
    }

    /// <summary>
    /// Adds to <see cref="Hits"/>, <see cref="Misses"/> and <see cref="ReadAheads"/>. Readers count for themselves and report now and then, so that counting costs a hit nothing.
    /// </summary>
    public void Report(long hits, long misses, long readAheads)
    {
        if (hits != 0)
        {
            Interlocked.Add(ref _hits, hits);
        }

        if (misses != 0)
        {
            Interlocked.Add(ref _misses, misses);
        }

        if (readAheads != 0)
        {
            Interlocked.Add(ref _readAheads, readAheads);
        }
    }

    /// <summary>Caches a block that was read from a file, evicting others as needed. Ignored when it is cached already, too large, or the table closed.</summary>
    /// <param name="slots">The table's slots.</param>
    /// <param name="ordinal">The block's place among them.</param>
    /// <param name="array">The block in the shape that <see cref="BlockReader"/> gives, with a restart array that was checked.</param>
    public void Insert(BlockSlots slots, int ordinal, byte[] array)
    {
        var charge = (long)array.Length + BytesPerBlock;
        if (charge > BlockBudget / LargestParts)
        {
            return;
        }

        lock (_gate)
        {
            if (slots.IsClosed || slots[ordinal].Array is not null)
            {
                return;
            }

            ref var slot = ref slots[ordinal];
            slot.IsProven = slot.Departure != 0 && _departures - slot.Departure <= (uint)Math.Max(_main.Count, 1);
            slot.Publish(array);
            (slot.IsProven ? _main : _probation).Enqueue(new ResidentQueue.Resident(slots, ordinal, (int)charge));
            Volatile.Write(ref _bytes, _bytes + charge);
            EvictLocked();
        }
    }

    /// <summary>Charges what a table that is being opened holds, evicting blocks as needed. Pair with <see cref="Close"/>.</summary>
    public void Open(BlockSlots slots)
    {
        lock (_gate)
        {
            Volatile.Write(ref _pinnedBytes, _pinnedBytes + slots.PinnedBytes);
            EvictLocked();
        }
    }

    /// <summary>Drops the blocks of a table that is being closed, and caches no more of them.</summary>
    public void Close(BlockSlots slots)
    {
        lock (_gate)
        {
            if (slots.IsClosed)
            {
                return;
            }

            slots.IsClosed = true;
            Volatile.Write(ref _pinnedBytes, _pinnedBytes - slots.PinnedBytes);
            var freed = 0L;
            for (var ordinal = 0; ordinal < slots.Count; ordinal++)
            {
                ref var slot = ref slots[ordinal];
                if (slot.Array is { } array)
                {
                    var charge = array.Length + BytesPerBlock;
                    (slot.IsProven ? _main : _probation).Bury(charge);
                    slot.Array = null;
                    freed += charge;
                }
            }

            _probation.SweepDead();
            _main.SweepDead();
            Volatile.Write(ref _bytes, _bytes - freed);
        }
    }

    private void EvictLocked()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "eviction without the gate");
        var chances = MaxSecondChances;
        var budget = BlockBudget;
        while (_bytes > budget)
        {
            var onProbation = _probation.Count > 0 && (_probation.Bytes > budget / ProbationParts || _main.Count == 0);
            var queue = onProbation ? _probation : _main;
            if (!queue.TryDequeue(out var resident))
            {
                throw new UnreachableException($"The block cache holds {_bytes} bytes and nothing to evict.");
            }

            ref var slot = ref resident.Slots[resident.Ordinal];
            if (slot.IsReferenced && chances-- > 0)
            {
                slot.IsReferenced = false;
                slot.IsProven = true;
                _main.Enqueue(resident);
                continue;
            }

            slot.Departure = onProbation ? NextDepartureLocked() : 0;
            slot.Array = null;
            Volatile.Write(ref _bytes, _bytes - resident.ChargedBytes);
            Volatile.Write(ref _evictions, _evictions + 1);
        }
    }

    /// <summary>The clock of ghosts. It skips 0, which means "never".</summary>
    private uint NextDepartureLocked()
    {
        _departures = Math.Max(_departures + 1, 1);
        return _departures;
    }
}
