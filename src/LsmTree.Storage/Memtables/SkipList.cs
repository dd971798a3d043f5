using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Memtables;

/// <summary>A sorted list of entries in internal order, for one writer and any number of readers without locks (Pugh 1990, after LevelDB's).</summary>
/// <remarks>
/// <para>A node is a piece of the arena; a link is the address of a node:</para>
/// <code>
///  0  head   ulong × 2   the first 16 bytes of the user key as big-endian words, padded with zeros
/// 16  trailer ulong
/// 24  keyLength int
/// 28  valueLength int
/// 32  height int
/// 36  change int          what the entry did to the number of live keys: +1, 0 or -1
/// 40  younger address     the node that was inserted after this one
/// 48  next   address × height
///     key bytes, value bytes
/// </code>
/// <para>The key's head stands beside the links, so that most comparisons touch one cache line; only equal heads look at the bytes.</para>
/// <para>Invariants: (1) a node is complete before the first link to it is published, and links are published bottom up with release semantics;
/// readers follow links with acquire semantics. (2) A node never changes after that, except its links, and is never removed; so whoever holds
/// the list may hold any node. (3) Every list of a level is sorted and a part of the list below.</para>
/// </remarks>
internal sealed unsafe class SkipList
{
    private const int MaxHeight = 14; // a quarter of the nodes of a level reach the next: enough for 4^13 entries
    private const int ChangeOffset = 36;
    private const int YoungerOffset = 40;
    private const int LinksOffset = 48;

    private readonly Arena _arena;
    private byte* _root;
    private byte* _youngest;
    private long _count;
    private readonly nint[] _tails = new nint[MaxHeight]; // the last node of each level: appending in key order needs no search
    private int _height = 1;
    private ulong _random;

    public SkipList(Arena arena, ulong seed)
    {
        _arena = arena;
        _random = seed | 1;
        Reset();
    }

    /// <summary>Forgets every entry, after the arena was reset. Only for a list that nobody else can see.</summary>
    public void Reset()
    {
        _height = 1;
        _count = 0;
        _root = _arena.Allocate(LinksOffset + MaxHeight * sizeof(nint));
        new Span<byte>(_root, LinksOffset + MaxHeight * sizeof(nint)).Clear();
        *(int*)(_root + 32) = MaxHeight;
        _youngest = _root;
        Array.Fill(_tails, (nint)_root);
    }

    /// <summary>Adds an entry, whose sequence number is above that of every entry in the list. One thread at a time.</summary>
    public void Insert(ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        var height = DrawHeight();
        var node = CreateNode(key, trailer, value, height);
        nint* before = stackalloc nint[MaxHeight];
        var last = (byte*)_tails[0];
        if (last == _root || Compare(last, Word(node, 0), Word(node, 8), key, trailer) < 0)
        {
            for (var level = 0; level < MaxHeight; level++)
            {
                before[level] = _tails[level];
            }
        }
        else
        {
            FindBefore(Word(node, 0), Word(node, 8), key, trailer, before);
        }

        if (height > _height)
        {
            for (var level = _height; level < height; level++)
            {
                before[level] = (nint)_root;
            }

            Volatile.Write(ref _height, height);
        }

        var older = (byte*)*Link((byte*)before[0], 0);
        var replacesPut = older != null && SameKey(older, node) && Trailer.Kind(TrailerOf(older)) == EntryKind.Put;
        *(int*)(node + ChangeOffset) = (Trailer.Kind(trailer) == EntryKind.Put ? 1 : 0) - (replacesPut ? 1 : 0);
        for (var level = 0; level < height; level++)
        {
            var next = *Link((byte*)before[level], level);
            *Link(node, level) = next;
            Volatile.Write(ref *Link((byte*)before[level], level), (nint)node);
            if (next == 0)
            {
                _tails[level] = (nint)node;
            }
        }

        Volatile.Write(ref *(nint*)(_youngest + YoungerOffset), (nint)node);
        _youngest = node;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Entries in the list.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The entry that was inserted first; null when there is none. Entries are inserted in the order of their sequence numbers.</summary>
    public byte* Oldest => Younger(_root);

    /// <summary>The entry that was inserted after <paramref name="node"/>; null when there is none. Nearly always its neighbour in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Younger(byte* node) => (byte*)Volatile.Read(ref *(nint*)(node + YoungerOffset));

    /// <summary>What the entry did to the number of live keys when it was inserted: +1 (a new one), -1 (a deletion) or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ChangeOf(byte* node) => *(int*)(node + ChangeOffset);

    public byte* First => Next(_root);

    public byte* Last
    {
        get
        {
            var node = _root;
            for (var level = Volatile.Read(ref _height) - 1; level >= 0; level--)
            {
                for (var next = NextAt(node, level); next != null; next = NextAt(node, level))
                {
                    node = next;
                }
            }

            return node == _root ? null : node;
        }
    }

    /// <summary>The first node at or after (key, trailer); null when there is none.</summary>
    public byte* FindAtOrAfter(ReadOnlySpan<byte> key, ulong trailer)
    {
        FindLastBefore(key, trailer, out var atOrAfter);
        return atOrAfter;
    }

    /// <summary>The last node strictly before (key, trailer); null when there is none.</summary>
    public byte* FindBefore(ReadOnlySpan<byte> key, ulong trailer)
    {
        var node = FindLastBefore(key, trailer, out _);
        return node == _root ? null : node;
    }

    /// <summary>The first node after <paramref name="node"/> that reaches <paramref name="level"/>; null when there is none.</summary>
    public byte* FindTowerAfter(byte* node, int level)
    {
        var key = KeyOf(node);
        var trailer = TrailerOf(node);
        ReadHead(key, out var high, out var low);
        var before = _root;
        byte* next = null;
        for (var at = Math.Max(Volatile.Read(ref _height) - 1, level); at >= level; at--)
        {
            for (next = NextAt(before, at); next != null && Compare(next, high, low, key, trailer) <= 0; next = NextAt(before, at))
            {
                before = next;
            }
        }

        return next;
    }

    /// <summary>The next node of <paramref name="level"/>; <paramref name="tower"/> reaches it.</summary>
    public static byte* NextTower(byte* tower, int level) => NextAt(tower, level);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Next(byte* node) => NextAt(node, 0);

    /// <summary>
    /// Asks for the node after <paramref name="node"/>, head and first bytes, so that it is on its way while the caller works on this one: the next
    /// step would otherwise wait for memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* node)
    {
        if (Sse.IsSupported && node != null)
        {
            var next = Next(node);
            Sse.Prefetch0(next);
            Sse.Prefetch0(next + 64);
            Sse.Prefetch0(next + 128);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TrailerOf(byte* node) => *(ulong*)(node + 16);

    /// <summary>Valid for as long as the owner of the list is kept alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> KeyOf(byte* node) => new(KeyAddress(node), *(int*)(node + 24));

    /// <summary>Valid for as long as the owner of the list is kept alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> ValueOf(byte* node) => new(KeyAddress(node) + *(int*)(node + 24), *(int*)(node + 28));

    /// <summary>True when both nodes have the same user key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SameKey(byte* left, byte* right) =>
        Word(left, 0) == Word(right, 0) && Word(left, 8) == Word(right, 8) && KeyOf(left).SequenceEqual(KeyOf(right));

    /// <param name="key">The key to look for.</param>
    /// <param name="trailer">Its trailer.</param>
    /// <param name="atOrAfter">
    /// The node that was compared and found not to be before. Following the link again would be wrong: meanwhile the writer may have put a node
    /// between the two that is before (key, trailer).
    /// </param>
    private byte* FindLastBefore(ReadOnlySpan<byte> key, ulong trailer, out byte* atOrAfter)
    {
        ReadHead(key, out var high, out var low);
        var node = _root;
        byte* next = null;
        for (var level = Volatile.Read(ref _height) - 1; level >= 0; level--)
        {
            for (next = NextAt(node, level); next != null && Compare(next, high, low, key, trailer) < 0; next = NextAt(node, level))
            {
                node = next;
            }
        }

        atOrAfter = next;
        return node;
    }

    private void FindBefore(ulong high, ulong low, ReadOnlySpan<byte> key, ulong trailer, nint* before)
    {
        var node = _root;
        for (var level = _height - 1; level >= 0; level--)
        {
            for (var next = NextAt(node, level); next != null && Compare(next, high, low, key, trailer) < 0; next = NextAt(node, level))
            {
                node = next;
            }

            before[level] = (nint)node;
        }
    }

    private byte* CreateNode(ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value, int height)
    {
        var node = _arena.Allocate(checked(LinksOffset + height * sizeof(nint) + key.Length + value.Length));
        ReadHead(key, out var high, out var low);
        *(ulong*)node = high;
        *(ulong*)(node + 8) = low;
        *(ulong*)(node + 16) = trailer;
        *(int*)(node + 24) = key.Length;
        *(int*)(node + 28) = value.Length;
        *(int*)(node + 32) = height;
        *(nint*)(node + YoungerOffset) = 0;
        var bytes = node + LinksOffset + height * sizeof(nint);
        key.CopyTo(new Span<byte>(bytes, key.Length));
        value.CopyTo(new Span<byte>(bytes + key.Length, value.Length));
        return node;
    }

    private int DrawHeight()
    {
        // xorshift64: two bits a level, so that a quarter of the nodes climb.
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        var bits = _random >> 16;
        var height = 1;
        while (height < MaxHeight && (bits & 3) == 0)
        {
            height++;
            bits >>= 2;
        }

        return height;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Compare(byte* node, ulong high, ulong low, ReadOnlySpan<byte> key, ulong trailer)
    {
        var nodeHigh = Word(node, 0);
        if (nodeHigh != high)
        {
            return nodeHigh < high ? -1 : 1;
        }

        var nodeLow = Word(node, 8);
        if (nodeLow != low)
        {
            return nodeLow < low ? -1 : 1;
        }

        return CompareEqualHeads(node, key, trailer);
    }

    private static int CompareEqualHeads(byte* node, ReadOnlySpan<byte> key, ulong trailer)
    {
        // Equal heads may hide zero bytes against the end of a key, so the lengths decide when the bytes do not.
        var nodeKey = KeyOf(node);
        var order = nodeKey.Length <= 16 || key.Length <= 16 ? nodeKey.Length.CompareTo(key.Length) : nodeKey[16..].SequenceCompareTo(key[16..]);
        return order != 0 ? order : trailer.CompareTo(TrailerOf(node));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadHead(ReadOnlySpan<byte> key, out ulong high, out ulong low)
    {
        if (key.Length >= 16)
        {
            high = BinaryPrimitives.ReadUInt64BigEndian(key);
            low = BinaryPrimitives.ReadUInt64BigEndian(key[8..]);
            return;
        }

        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        key.CopyTo(padded);
        high = BinaryPrimitives.ReadUInt64BigEndian(padded);
        low = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(byte* node, int offset) => *(ulong*)(node + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* KeyAddress(byte* node) => node + LinksOffset + *(int*)(node + 32) * sizeof(nint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint* Link(byte* node, int level)
    {
        Debug.Assert(level < *(int*)(node + 32), "A node has no link at this level.");
        return (nint*)(node + LinksOffset) + level;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* NextAt(byte* node, int level) => (byte*)Volatile.Read(ref *Link(node, level));
}
