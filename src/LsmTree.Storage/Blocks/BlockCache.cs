using System.Diagnostics;
using LsmTree.Storage.Memory;

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
/// <para>Blocks lie in native memory (<see cref="BlockFrame"/>): as managed arrays they aged into the oldest generation and left holes there when they were evicted.
/// A slot is a pin of its block. When it is emptied, the pin goes after a <see cref="GracePeriod"/>, so that whoever has found the block finishes reading; a
/// fence on all processors being dear, some are gathered for each. Readers that stay longer pin the block themselves.</para>
/// <para>Invariants, under the gate: (1) a slot holds a block exactly when one living resident stands for it; (2) the charges of the living add up to
/// <see cref="Bytes"/>, and that is within <see cref="BlockBudget"/> whenever the gate is free.</para>
/// </remarks>
internal sealed class BlockCache : IDisposable
{
    /// <summary>What a cached block takes besides its frame: slot and resident, in bytes.</summary>
    public const int BytesPerBlock = 48;

    /// <summary>Probation gets one part of this many, as in the paper.</summary>
    private const int ProbationParts = 10;

    /// <summary>A block larger than one part of this many of the budget is not cached: it would push out too much.</summary>
    private const int LargestParts = 4;

    /// <summary>Blocks get at least one part of this many of the budget, however much open tables hold.</summary>
    private const int LeastBlockParts = 4;

    /// <summary>Blocks that one insertion may pass over before it evicts regardless: bounds the time under the gate.</summary>
    private const int MaxSecondChances = 128;

    /// <summary>Evicted blocks that wait for a grace period together: as many, or as many bytes.</summary>
    private const int MostRetired = 32;
    private const int MostRetiredBytes = 256 << 10;

    /// <summary>From this budget on, 16 MiB, memory is taken in large pages: for less, a step of 2 MiB is too much.</summary>
    private const long LeastForHugePages = 16L << 20;

    private readonly SlabHeap _heap;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly ResidentQueue _probation = new();
    private readonly ResidentQueue _main = new();
    private uint _departures = 1;
    private List<BlockFrame> _retired = [];
    private int _retiredBytes;
    private bool _isDisposed;

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
        _heap = new SlabHeap(capacityBytes >= LeastForHugePages ? HugePages.Asked : HugePages.Unasked); // first: the finalizer runs in any case
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        CapacityBytes = capacityBytes;
    }

    /// <summary>A store that was dropped and not disposed must not cost the process its memory. Blocks that somebody has pinned stay.</summary>
    ~BlockCache()
    {
        if (_heap.Bytes > 0)
        {
            GracePeriod.Await(Clear);
        }
    }

    public long CapacityBytes { get; }

    /// <summary>Bytes that open tables hold besides their cached blocks now.</summary>
    public long PinnedBytes => Volatile.Read(ref _pinnedBytes);

    /// <summary>Bytes that cached blocks may take now: what open tables leave of the budget, and at least a quarter of it.</summary>
    public long BlockBudget => Math.Max(CapacityBytes - PinnedBytes, CapacityBytes / LeastBlockParts);

    /// <summary>Native memory that was taken for blocks and not given back, in bytes: cached, pinned, and free for the next.</summary>
    public long MemoryBytes => _heap.Bytes;

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

    /// <summary>Memory for a block that is about to be read, pinned once for the caller: he fills it, and then inserts or releases it.</summary>
    /// <param name="length">The length of the block's contents, in bytes.</param>
    /// <param name="frame">The memory.</param>
    /// <returns>False when a block of this length is not cached.</returns>
    public bool TryRent(int length, out BlockFrame frame)
    {
        if (ChargeFor(length) > BlockBudget / LargestParts)
        {
            frame = default;
            return false;
        }

        frame = BlockFrame.Create(_heap.Take(BlockFrame.BytesFor(length)), length);
        return true;
    }

    /// <summary>
    /// Caches a block that was read from a file, evicting others as needed. It is not cached when another is in its place already, when it is too large meanwhile, when
    /// its memory is wanted back, or the table closed. Either way the caller's pin is no longer his; he may look at the block as long as he is in a <see cref="ReadSection"/>.
    /// </summary>
    /// <param name="slots">The table's slots.</param>
    /// <param name="ordinal">The block's place among them.</param>
    /// <param name="frame">The block, with a restart array that was checked.</param>
    public void Insert(BlockSlots slots, int ordinal, BlockFrame frame)
    {
        var charge = ChargeFor(frame.Length);
        List<BlockFrame>? due;
        lock (_gate)
        {
            // An arena is chosen to be drained under the gate, and the blocks in it are evicted: one that was being read meanwhile must not keep it.
            if (slots.IsClosed || slots[ordinal].Address != 0 || charge > BlockBudget / LargestParts || _heap.IsDraining(frame.Address, frame.Bytes))
            {
                RetireLocked(frame);
            }
            else
            {
                ref var slot = ref slots[ordinal];
                slot.IsProven = slot.Departure != 0 && _departures - slot.Departure <= (uint)Math.Max(_main.Count, 1);
                slot.Publish(frame);
                (slot.IsProven ? _main : _probation).Enqueue(new ResidentQueue.Resident(slots, ordinal, charge));
                Volatile.Write(ref _bytes, _bytes + charge);
                EvictLocked();
            }

            due = TakeRetiredLocked(MostRetired, MostRetiredBytes);
        }

        ReleaseLater(due);
    }

    /// <summary>Takes a pin off a block. The last one that goes takes the memory along.</summary>
    public void Release(BlockFrame frame)
    {
        var bytes = frame.Bytes;
        if (frame.Unpin())
        {
            _heap.Return(frame.Address, bytes);
        }
    }

    /// <summary>Charges what a table that is being opened holds, evicting blocks as needed. Pair with <see cref="Close"/>.</summary>
    public void Open(BlockSlots slots)
    {
        List<BlockFrame>? due;
        lock (_gate)
        {
            Volatile.Write(ref _pinnedBytes, _pinnedBytes + slots.PinnedBytes);
            EvictLocked();
            due = TakeRetiredLocked(MostRetired, MostRetiredBytes);
        }

        ReleaseLater(due);
    }

    /// <summary>Drops the blocks of a table that is being closed, and caches no more of them.</summary>
    public void Close(BlockSlots slots)
    {
        List<BlockFrame>? due;
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
                if (slot.Address != 0)
                {
                    var charge = ChargeFor(BlockFrame.At(slot.Address).Length);
                    (slot.IsProven ? _main : _probation).Bury(charge);
                    freed += charge;
                    RetireLocked(BlockFrame.At(slot.Address));
                    slot.Address = 0;
                }
            }

            _probation.SweepDead();
            _main.SweepDead();
            Volatile.Write(ref _bytes, _bytes - freed);
            due = TakeRetiredLocked(1, 0);
        }

        ReleaseLater(due);
    }

    /// <summary>Gives back all memory that nobody has pinned, and from then on what is released. The tables were closed; should some be open, their blocks stay cached.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        List<BlockFrame>? due;
        lock (_gate)
        {
            _isDisposed = true; // from now on nothing is gathered
            due = TakeRetiredLocked(1, 0);
        }

        ReleaseLater(due);
        _heap.Close();
    }

    /// <summary>What a cached block of this length counts for.</summary>
    internal static int ChargeFor(int length) => SlabHeap.RoundUp(BlockFrame.BytesFor(length)) + BytesPerBlock;

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
            EvictLocked(resident);
        }

        // What blocks waste in the heap, at most: an arena that is being filled, one that is kept, and the rest of slabs.
        if (_heap.Bytes - _heap.DrainingBytes > budget + budget / 16 + 2 * SlabHeap.ArenaBytes && _heap.TryDrain(out var arena))
        {
            EvictLocked(_probation, arena);
            EvictLocked(_main, arena);
        }
    }

    /// <summary>
    /// Evicts all blocks in an arena of the heap. The budget became smaller, or blocks have other sizes than they had: those that are left hold memory that is of no
    /// use to others. A look at each resident is needed, and seldom.
    /// </summary>
    private void EvictLocked(ResidentQueue queue, nint arena)
    {
        for (var left = queue.Count; left > 0 && queue.TryDequeue(out var resident); left--)
        {
            if ((nuint)(resident.Slots[resident.Ordinal].Address - arena) < SlabHeap.ArenaBytes)
            {
                EvictLocked(resident);
            }
            else
            {
                queue.Enqueue(resident);
            }
        }
    }

    private void EvictLocked(in ResidentQueue.Resident resident)
    {
        ref var slot = ref resident.Slots[resident.Ordinal];
        RetireLocked(BlockFrame.At(slot.Address));
        slot.Address = 0;
        Volatile.Write(ref _bytes, _bytes - resident.ChargedBytes);
        Volatile.Write(ref _evictions, _evictions + 1);
    }

    /// <summary>The block is in no slot any more, or never was: a pin goes when nobody can be reading it on the strength of that.</summary>
    private void RetireLocked(BlockFrame frame)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "retirement without the gate");
        _retired.Add(frame);
        _retiredBytes += frame.Bytes;
    }

    private List<BlockFrame>? TakeRetiredLocked(int leastCount, int leastBytes)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "retirement without the gate");
        if (_retired.Count == 0 || (!_isDisposed && _retired.Count < leastCount && _retiredBytes < leastBytes))
        {
            return null;
        }

        var due = _retired;
        _retired = new List<BlockFrame>(MostRetired);
        _retiredBytes = 0;
        return due;
    }

    private void ReleaseLater(List<BlockFrame>? due)
    {
        if (due is not null)
        {
            GracePeriod.Await(() => due.ForEach(Release));
        }
    }

    private void Clear()
    {
        foreach (var queue in (ReadOnlySpan<ResidentQueue>)[_probation, _main])
        {
            while (queue.TryDequeue(out var resident))
            {
                Release(BlockFrame.At(resident.Slots[resident.Ordinal].Address));
            }
        }

        _retired.ForEach(Release);
        _heap.Close();
    }

    /// <summary>The clock of ghosts. It skips 0, which means "never".</summary>
    private uint NextDepartureLocked()
    {
        _departures = Math.Max(_departures + 1, 1);
        return _departures;
    }
}
