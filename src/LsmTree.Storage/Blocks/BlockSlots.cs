using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Blocks;

/// <summary>The cached blocks of one open table: one place for each of its data blocks, by position in the index.</summary>
/// <remarks>
/// A reader that has found a position in the index finds the cached block in the same place of this array: no hash, no lock, no counted reference.
/// A hit reads one slot, and sets its reference bit when that is not set yet (so a hot block's cache line stays shared between cores).
/// Everything else in a slot belongs to <see cref="BlockCache"/> and is touched under its gate.
/// </remarks>
internal sealed class BlockSlots
{
    /// <summary>What a slot takes in memory.</summary>
    public const int BytesPerSlot = 16;

    private readonly Slot[] _slots;

    /// <param name="count">Data blocks of the table.</param>
    /// <param name="pinnedBytes">Memory that the open table holds besides its cached blocks, in bytes.</param>
    public BlockSlots(int count, long pinnedBytes = 0)
    {
        PinnedBytes = pinnedBytes;
        _slots = count == 0 ? [] : new Slot[count];
    }

    public int Count => _slots.Length;

    /// <summary>What the cache's budget is less by while the table is open, in bytes.</summary>
    public long PinnedBytes { get; }

    /// <summary>Set when the table is closed: nothing is cached for it any more. Guarded by the cache's gate.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>The block at <paramref name="ordinal"/>, if it is cached now. It stays as long as the <see cref="Memory.ReadSection"/> that the caller is in; pin it to keep it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int ordinal, out Block block)
    {
        ref var slot = ref _slots[ordinal];
        // Pairs with the Volatile.Write in Publish: whoever sees the address sees the bytes there.
        var frame = BlockFrame.At(Volatile.Read(ref slot.Address));
        if (!frame.Exists)
        {
            block = default;
            return false;
        }

        if (!slot.IsReferenced)
        {
            slot.IsReferenced = true;
        }

        block = Block.FromChecked(frame);
        return true;
    }

    /// <summary>As <see cref="TryGet"/>, without a trace: the cache does not learn that somebody met the block.</summary>
    public bool TryPeek(int ordinal, out Block block)
    {
        var frame = BlockFrame.At(Volatile.Read(ref _slots[ordinal].Address));
        block = frame.Exists ? Block.FromChecked(frame) : default;
        return frame.Exists;
    }

    /// <summary>The cache's own view of a slot. Requires the cache's gate.</summary>
    internal ref Slot this[int ordinal] => ref _slots[ordinal];

    /// <summary>Mutable on purpose: an array of these is the storage, reached by reference only.</summary>
    internal struct Slot
    {
        /// <summary>Where the cached block is (<see cref="BlockFrame"/>), or 0.</summary>
        public nint Address;

        /// <summary>When the block left the probation queue, on the cache's clock of such departures; 0 for never.</summary>
        public uint Departure;

        /// <summary>The block is in the cache's main queue, not on probation.</summary>
        public bool IsProven;

        /// <summary>A reader met the block since the cache looked last. Written without a lock: a lost update costs a second chance, nothing else.</summary>
        public bool IsReferenced;

        public void Publish(BlockFrame frame)
        {
            IsReferenced = false;
            Volatile.Write(ref Address, frame.Address);
        }
    }
}
