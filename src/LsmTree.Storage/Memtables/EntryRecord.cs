using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Memtables;

/// <summary>One entry of a memtable: a piece of its arena that never changes and never moves once others see it.</summary>
/// <remarks>
/// <code>
///  0  trailer      ulong
///  8  keyLength    int
/// 12  valueLength  int
/// 16  younger      address   the entry that was inserted after this one
/// 24  change       int       what the entry did to the number of live keys: +1, 0 or -1
/// 28  key bytes, value bytes
/// </code>
/// <para>Spans are valid until the arena is freed.</para>
/// </remarks>
internal static unsafe class EntryRecord
{
    private const int YoungerOffset = 16;
    private const int ChangeOffset = 24;
    private const int HeaderBytes = 28;
    private const int CacheLine = 64;

    public static byte* Create(Arena arena, ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        var record = arena.Allocate(checked(HeaderBytes + key.Length + value.Length));
        *(ulong*)record = trailer;
        *(int*)(record + 8) = key.Length;
        *(int*)(record + 12) = value.Length;
        *(nint*)(record + YoungerOffset) = 0;
        key.CopyTo(new Span<byte>(record + HeaderBytes, key.Length));
        value.CopyTo(new Span<byte>(record + HeaderBytes + key.Length, value.Length));
        return record;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TrailerOf(byte* record) => *(ulong*)record;

    /// <summary>Raises the sequence number by <paramref name="offset"/>. Only while nobody else can see the entry.</summary>
    public static void Renumber(byte* record, ulong offset)
    {
        var trailer = TrailerOf(record);
        *(ulong*)record = Trailer.Pack(Trailer.Sequence(trailer) + offset, Trailer.Kind(trailer));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> KeyOf(byte* record) => new(record + HeaderBytes, *(int*)(record + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> ValueOf(byte* record) => new(record + HeaderBytes + *(int*)(record + 8), *(int*)(record + 12));

    /// <summary>True when both entries have the same user key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SameKey(byte* left, byte* right) => KeyOf(left).SequenceEqual(KeyOf(right));

    /// <summary>The entry that was inserted after this one; null when there is none. Nearly always its neighbour in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Younger(byte* record) => (byte*)Volatile.Read(ref *(nint*)(record + YoungerOffset));

    /// <summary>Publishes <paramref name="younger"/>, which is complete and linked, as the entry inserted after this one.</summary>
    public static void SetYounger(byte* record, byte* younger) => Volatile.Write(ref *(nint*)(record + YoungerOffset), (nint)younger);

    /// <summary>What the entry did to the number of live keys when it was inserted: +1 (a new one), -1 (a deletion) or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ChangeOf(byte* record) => *(int*)(record + ChangeOffset);

    /// <summary>Says what the entry does to the number of live keys, before it is linked; <paramref name="follower"/> is the entry after it, or null.</summary>
    public static void SetChange(byte* record, byte* follower)
    {
        var replacesPut = follower != null && Trailer.Kind(TrailerOf(follower)) == EntryKind.Put && SameKey(follower, record);
        *(int*)(record + ChangeOffset) = (Trailer.Kind(TrailerOf(record)) == EntryKind.Put ? 1 : 0) - (replacesPut ? 1 : 0);
    }

    /// <summary>Asks for the memory of an entry that is to be read soon: header, key and the first bytes of its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* record)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(record);
            Sse.Prefetch0(record + CacheLine);
            Sse.Prefetch0(record + 2 * CacheLine);
        }
    }
}
