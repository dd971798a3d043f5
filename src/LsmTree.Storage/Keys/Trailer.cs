using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Keys;

/// <summary>
/// The eight bytes that follow a user key inside the engine: a 56-bit sequence number above an 8-bit <see cref="EntryKind"/>.
/// </summary>
/// <remarks>
/// Internal keys are ordered by user key ascending (memcmp), then trailer <em>descending</em>: the newest entry of a key comes first.
/// The trailer travels beside the user key as a <see cref="ulong"/>, never glued to its bytes (after Pebble's InternalKey).
/// A sequence number of 0 means "older than every snapshot": compaction writes it at the bottom of the tree.
/// </remarks>
internal static class Trailer
{
    public const ulong MaxSequence = (1UL << 56) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(ulong sequence, EntryKind kind) => sequence << 8 | (byte)kind;

    /// <summary>The trailer that a seek uses to meet the newest entry with a sequence number ≤ <paramref name="sequence"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ForSeek(ulong sequence) => sequence << 8 | (byte)EntryKind.Seek;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sequence(ulong trailer) => trailer >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EntryKind Kind(ulong trailer) => (EntryKind)(byte)trailer;
}
