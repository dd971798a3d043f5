using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LsmTree.Storage.Memtables;

/// <summary>A node of an <see cref="EntryTree"/>: 32 sorted slots, each with the head of its key and the address of its entry.</summary>
/// <remarks>
/// <code>
///    0  version  int          odd while the writer changes the node
///    4  count    int          slots in use
///    8  level    int          0 is a leaf
///   12  skip     int          bytes that the heads leave out, because all keys of the node begin with them: 0, 8, … 40
///   16  next     address      a leaf: its right neighbour. An inner node: the child before the first slot
///   24  prefix   byte × 40    those bytes
///   64  high     long × 32    first words of the heads, sign flipped
///  320  low      ulong × 32   second words
///  576  record   address × 32 a leaf: its entries. An inner node: the first entry of the child beside it
///  832  child    address × 32 inner nodes only
/// </code>
/// <para>A reader takes the version, reads what it wants, and takes the version again: when it is the same and even, what was read belongs
/// together. What is read in between may be a mixture, but never a bad address: a slot below <c>count</c> has always held a good one. Slots
/// behind <c>count</c> compare as above or equal to those before, so a search may look at all 32.</para>
/// <para>Keys that begin alike (a table's number, <c>user:</c>, leading zeros) would have first words alike, and every search would end in entries
/// instead of in words: so a node that is split looks whether its keys share 8 bytes more (<see cref="Raise"/>), and goes back to fewer when a key comes that does not
/// begin with them. Whole words at a time: a prefix that is as long as can be would be given up by the next key.</para>
/// </remarks>
internal static unsafe class TreeNode
{
    public const int Slots = 32;
    public const int NoVersion = -1; // odd: equals the version of no node at rest
    private const int SkipOffset = 12;
    private const int NextOffset = 16;
    private const int PrefixOffset = 24;
    private const int Word = 8;
    private const int MaxSkip = HighOffset - PrefixOffset;
    private const int HighOffset = 64;
    private const int LowOffset = HighOffset + Slots * 8;
    private const int RecordOffset = LowOffset + Slots * 8;
    private const int ChildOffset = RecordOffset + Slots * 8;
    private const int LeafBytes = ChildOffset;
    private const int InnerBytes = ChildOffset + Slots * 8;
    private const int CacheLine = 64;

    public static byte* Create(Arena arena, int level)
    {
        var size = level == 0 ? LeafBytes : InnerBytes;
        var node = (byte*)(((nint)arena.Allocate(size + CacheLine - 8) + CacheLine - 1) & ~(nint)(CacheLine - 1));
        new Span<byte>(node, HighOffset).Clear();
        *(int*)(node + 8) = level;
        new Span<long>(node + HighOffset, Slots).Fill(long.MaxValue);
        return node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf(byte* node) => Volatile.Read(ref *(int*)(node + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LevelOf(byte* node) => *(int*)(node + 8);

    /// <summary>The right neighbour of a leaf; null for the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* NextOf(byte* leaf) => (byte*)Volatile.Read(ref *(nint*)(leaf + NextOffset));

    public static void SetNext(byte* leaf, byte* next) => Volatile.Write(ref *(nint*)(leaf + NextOffset), (nint)next);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* RecordAt(byte* node, int slot) => *(byte**)(node + RecordOffset + slot * 8);

    /// <summary>The child of an inner node with <paramref name="below"/> slots before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* ChildAt(byte* node, int below) => *(byte**)(below == 0 ? node + NextOffset : node + ChildOffset + (below - 1) * 8);

    public static void SetFirstChild(byte* node, byte* child) => *(byte**)(node + NextOffset) = child;

    /// <summary>The node's version; false while it is being changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBeginRead(byte* node, out int version)
    {
        version = Volatile.Read(ref *(int*)node);
        return (version & 1) == 0;
    }

    /// <summary>True when nothing that was read from the node since <see cref="TryBeginRead"/> has changed meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUnchanged(byte* node, int version)
    {
        Volatile.ReadBarrier();
        return Volatile.Read(ref *(int*)node) == version;
    }

    public static void BeginChange(byte* node)
    {
        Volatile.Write(ref *(int*)node, *(int*)node + 1);
        Volatile.WriteBarrier();
    }

    public static void EndChange(byte* node) => Volatile.Write(ref *(int*)node, *(int*)node + 1);

    /// <summary>How many slots hold entries before (key, trailer); with <paramref name="orAt"/> one that is at it counts too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountBelow(byte* node, int count, ReadOnlySpan<byte> key, ulong trailer, bool orAt)
    {
        var skip = SkipOf(node);
        if (skip != 0 && !HasPrefix(node, skip, key))
        {
            return key.SequenceCompareTo(new ReadOnlySpan<byte>(node + PrefixOffset, skip)) < 0 ? 0 : count;
        }

        var head = KeyHead.Of(key, skip);
        var target = Vector256.Create(head.High);
        var below = Vector256<long>.Zero;
        var notAbove = Vector256<long>.Zero;
        var highs = (long*)(node + HighOffset);
        for (var slot = 0; slot < count; slot += Vector256<long>.Count)
        {
            var four = Vector256.Load(highs + slot);
            below -= Vector256.LessThan(four, target);
            notAbove -= Vector256.LessThanOrEqual(four, target);
        }

        var lower = Math.Min((int)Vector256.Sum(below), count);
        var upper = Math.Min((int)Vector256.Sum(notAbove), count);
        return lower == upper ? lower : CountBelowAmongEqual(node, lower, upper, skip, head.Low, key, trailer, orAt);
    }

    /// <summary>False when the entry in the slot certainly has another key, which is nearly always told without looking at the entry.</summary>
    public static bool MayHold(byte* node, int slot, ReadOnlySpan<byte> key)
    {
        var skip = SkipOf(node);
        if (!HasPrefix(node, skip, key))
        {
            return false;
        }

        var head = KeyHead.Of(key, skip);
        return HighAt(node, slot) == head.High && LowAt(node, slot) == head.Low;
    }

    /// <summary>True when <see cref="Insert"/> of the key leaves the heads of the other keys as they are.</summary>
    public static bool Fits(byte* node, ReadOnlySpan<byte> key) => HasPrefix(node, SkipOf(node), key);

    /// <summary>Puts an entry (and the child that begins with it) into a free slot of a node that no reader trusts now, or, if it <see cref="Fits"/>, at its end.</summary>
    public static void Insert(byte* node, int slot, byte* record, byte* child)
    {
        var count = CountOf(node);
        var key = EntryRecord.KeyOf(record);
        if (!Fits(node, key))
        {
            SetSkip(node, key.CommonPrefixLength(new ReadOnlySpan<byte>(node + PrefixOffset, SkipOf(node))) & -Word, key);
        }

        var head = KeyHead.Of(key, SkipOf(node));
        Shift(node + HighOffset, slot, count);
        Shift(node + LowOffset, slot, count);
        Shift(node + RecordOffset, slot, count);
        *(long*)(node + HighOffset + slot * 8) = head.High;
        *(ulong*)(node + LowOffset + slot * 8) = head.Low;
        *(byte**)(node + RecordOffset + slot * 8) = record;
        if (LevelOf(node) != 0)
        {
            Shift(node + ChildOffset, slot, count);
            *(byte**)(node + ChildOffset + slot * 8) = child;
        }

        SetCount(node, count + 1);
    }

    /// <summary>Leaves out of the heads what all keys of the node begin with, if that makes their first words differ. No reader trusts the node now.</summary>
    public static void Raise(byte* node)
    {
        var last = CountOf(node) - 1;
        if (last > 0 && HighAt(node, 0) == HighAt(node, last))
        {
            // The keys are in order, so what the first and the last share they all share.
            var key = EntryRecord.KeyOf(RecordAt(node, 0));
            var skip = Math.Min(key.CommonPrefixLength(EntryRecord.KeyOf(RecordAt(node, last))) & -Word, MaxSkip);
            if (skip > SkipOf(node))
            {
                SetSkip(node, skip, key);
            }
        }
    }

    /// <summary>Lets the empty node <paramref name="to"/> begin with what the keys of its neighbour or child share: most likely its own do.</summary>
    public static void InheritSkip(byte* node, byte* to)
    {
        *(int*)(to + SkipOffset) = SkipOf(node);
        new ReadOnlySpan<byte>(node + PrefixOffset, MaxSkip).CopyTo(new Span<byte>(to + PrefixOffset, MaxSkip));
    }

    /// <summary>Moves the slots from <paramref name="from"/> on to the empty node <paramref name="to"/>.</summary>
    public static void MoveTail(byte* node, int from, byte* to)
    {
        var moved = CountOf(node) - from;
        InheritSkip(node, to);
        Copy(node + HighOffset, from, to + HighOffset, moved);
        Copy(node + LowOffset, from, to + LowOffset, moved);
        Copy(node + RecordOffset, from, to + RecordOffset, moved);
        if (LevelOf(node) != 0)
        {
            Copy(node + ChildOffset, from, to + ChildOffset, moved);
        }

        SetCount(to, moved);
        SetCount(node, from);
    }

    /// <summary>Forgets the last slot.</summary>
    public static void DropLast(byte* node) => SetCount(node, CountOf(node) - 1);

    private static int CountBelowAmongEqual(byte* node, int lower, int upper, int skip, ulong low, ReadOnlySpan<byte> key, ulong trailer, bool orAt)
    {
        while (lower < upper)
        {
            var middle = (lower + upper) >> 1;
            var middleLow = LowAt(node, middle);
            int order;
            if (middleLow != low)
            {
                order = middleLow < low ? -1 : 1;
            }
            else
            {
                var record = RecordAt(node, middle);
                order = KeyHead.CompareBehind(skip, EntryRecord.KeyOf(record), EntryRecord.TrailerOf(record), key, trailer);
            }

            if (order < 0 || (orAt && order == 0))
            {
                lower = middle + 1;
            }
            else
            {
                upper = middle;
            }
        }

        return lower;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipOf(byte* node) => *(int*)(node + SkipOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long HighAt(byte* node, int slot) => *(long*)(node + HighOffset + slot * 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LowAt(byte* node, int slot) => *(ulong*)(node + LowOffset + slot * 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasPrefix(byte* node, int skip, ReadOnlySpan<byte> key)
    {
        if (key.Length < skip)
        {
            return false;
        }

        for (var at = 0; at < skip; at += Word)
        {
            if (BitConverter.ToUInt64(key[at..]) != *(ulong*)(node + PrefixOffset + at))
            {
                return false;
            }
        }

        return true;
    }

    private static void SetSkip(byte* node, int skip, ReadOnlySpan<byte> key)
    {
        *(int*)(node + SkipOffset) = skip;
        key[..skip].CopyTo(new Span<byte>(node + PrefixOffset, MaxSkip));
        var count = CountOf(node);
        for (var slot = 0; slot < count; slot++)
        {
            var head = KeyHead.Of(EntryRecord.KeyOf(RecordAt(node, slot)), skip);
            *(long*)(node + HighOffset + slot * 8) = head.High;
            *(ulong*)(node + LowOffset + slot * 8) = head.Low;
        }

        // What is left there by slots that moved away was made with the other skip.
        new Span<long>(node + HighOffset + count * 8, Slots - count).Fill(long.MaxValue);
    }

    private static void SetCount(byte* node, int count) => Volatile.Write(ref *(int*)(node + 4), count);

    private static void Shift(byte* words, int slot, int count) =>
        new ReadOnlySpan<long>(words + slot * 8, count - slot).CopyTo(new Span<long>(words + (slot + 1) * 8, count - slot));

    private static void Copy(byte* from, int slot, byte* to, int count) =>
        new ReadOnlySpan<long>(from + slot * 8, count).CopyTo(new Span<long>(to, count));
}
