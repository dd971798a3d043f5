using System.IO.Hashing;
using System.Runtime.InteropServices;
using LsmTree.Storage.Batches;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;

namespace LsmTree.Storage.Transactions;

/// <summary>Where in a batch the newest entry of each key is: a hash table of offsets, which names keys but does not hold them.</summary>
/// <remarks>
/// A slot is the low half of the key's hash and, above it, the offset of the entry plus one; 0 is a free slot. A look-up reads one slot and one
/// entry, where a sorted index reads a path of nodes. Linear probing, never more than half full; an entry is never removed, only replaced by a
/// newer one of its key. Range deletes are not in it. A large table is native memory where there is some, because what it outgrows would be
/// as much again for the collector.
/// </remarks>
internal sealed class PendingKeys
{
    private const int FirstSlots = 64;
    private const int MostArrayBytes = 256 << 10; // 256 KiB: beyond, native memory where there is some
    private const int MostIdleShare = 16; // a table that was used by less than one slot in so many is let go: clearing it would cost more than the next transaction

    private ulong[] _array = new ulong[FirstSlots];
    private NativeBlock? _native; // where the slots are, instead of in the array
    private int _slotCount = FirstSlots;
    private int _used;

    /// <summary>Bytes in memory.</summary>
    public long Bytes => (long)_slotCount * sizeof(ulong);

    /// <summary>Bytes by which one more key may make it grow.</summary>
    public long NextGrowth => IsHalfFull ? Bytes : 0;

    private bool IsHalfFull => 2 * (_used + 1) > _slotCount;

    private Span<ulong> Slots => _native is null ? _array : MemoryMarshal.Cast<byte, ulong>(_native.Span);

    /// <summary>Notes that the newest entry of its key begins at <paramref name="offset"/> of the batch.</summary>
    public void Add(ReadOnlySpan<byte> batch, int offset, ReadOnlySpan<byte> key)
    {
        var hash = Hash(key);
        var slots = Slots;
        var slot = Find(slots, batch, hash, key);
        if (slots[slot] == 0)
        {
            if (IsHalfFull)
            {
                Grow();
                slots = Slots;
                slot = FreeSlot(slots, hash);
            }

            _used++;
        }

        slots[slot] = (ulong)(uint)(offset + 1) << 32 | hash;
    }

    /// <summary>The newest entry of a key; false when there is none.</summary>
    public bool TryFind(ReadOnlySpan<byte> batch, ReadOnlySpan<byte> key, out EntryKind kind, out ReadOnlySpan<byte> value)
    {
        var slots = Slots;
        var found = slots[Find(slots, batch, Hash(key), key)];
        if (found == 0)
        {
            kind = default;
            value = default;
            return false;
        }

        Read(batch, found, out kind, out _, out value);
        return true;
    }

    /// <summary>Forgets every key; memory of more than <paramref name="keptBytes"/> goes.</summary>
    public void Clear(int keptBytes)
    {
        if (_used == 0 && Bytes <= keptBytes)
        {
            return;
        }

        if (Bytes > keptBytes || (_slotCount > FirstSlots && _used * MostIdleShare < _slotCount))
        {
            Use(new ulong[FirstSlots], null, FirstSlots);
        }
        else
        {
            Slots.Clear();
        }

        _used = 0;
    }

    /// <summary>The slot of a key, or the free one where it would go.</summary>
    private static int Find(ReadOnlySpan<ulong> slots, ReadOnlySpan<byte> batch, uint hash, ReadOnlySpan<byte> key)
    {
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var there = slots[slot];
            if (there == 0)
            {
                return slot;
            }

            if ((uint)there == hash)
            {
                Read(batch, there, out _, out var known, out _);
                if (known.SequenceEqual(key))
                {
                    return slot;
                }
            }
        }
    }

    private void Grow()
    {
        var count = _slotCount * 2;
        var bytes = (long)count * sizeof(ulong);
        var native = bytes is > MostArrayBytes and <= int.MaxValue ? NativeBlock.TryReserve((int)bytes) : null;
        var array = native is null ? new ulong[count] : [];
        var larger = native is null ? array : MemoryMarshal.Cast<byte, ulong>(native.Span);
        foreach (var there in Slots)
        {
            if (there != 0)
            {
                larger[FreeSlot(larger, (uint)there)] = there;
            }
        }

        Use(array, native, count);
    }

    private void Use(ulong[] array, NativeBlock? native, int count)
    {
        _native?.Retire();
        _array = array;
        _native = native;
        _slotCount = count;
    }

    private static int FreeSlot(ReadOnlySpan<ulong> slots, uint hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private static void Read(ReadOnlySpan<byte> batch, ulong slot, out EntryKind kind, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var reader = new BatchReader(batch[((int)(slot >> 32) - 1)..]);
        if (!reader.TryRead(out kind, out key, out value))
        {
            throw new InvalidOperationException("A slot names no entry of the batch.");
        }
    }

    private static uint Hash(ReadOnlySpan<byte> key) => (uint)XxHash3.HashToUInt64(key);
}
