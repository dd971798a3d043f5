using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Blocks;

/// <summary>Finds entries in a block without putting any key together.</summary>
/// <remarks>
/// <para>The restart array is bisected (keys at restarts are whole), then at most one interval is walked. The walk remembers in <c>matched</c> how many
/// bytes the target has in common with the key before, which is known to be smaller. An entry that shares <em>more</em> than that with the key before it
/// differs from the target at the same byte, in the same direction: it is smaller too, and nothing needs comparing. Otherwise only its
/// suffix is compared:</para>
/// <code>
///   target    u s e r : 7 0 4
///   before    u s e r : 5 1 1      matched = 5, '5' smaller than '7'
///   shares 6            1 9        still '5' at byte 5: smaller
///   shares 5          7 0 4        compare from byte 5 on: found
/// </code>
/// </remarks>
internal static class BlockSearch
{
    /// <summary>As many waits for memory as a core has under way at once, roughly (Intel's have 10 to 16 line fill buffers). A block of 4 KiB has fewer restarts.</summary>
    private const int MaxPrefetches = 12;

    /// <summary>The first entry of <paramref name="key"/> with a trailer ≤ <paramref name="seekTrailer"/>. <paramref name="value"/> points into the block.</summary>
    public static BlockSearchResult Find(scoped in Block block, ReadOnlySpan<byte> key, ulong seekTrailer, out ulong trailer, out ReadOnlySpan<byte> value)
    {
        trailer = 0;
        value = default;
        var bytes = block.Bytes;
        var restartCount = block.RestartCount;
        var entriesEnd = block.EntriesEnd;
        if (!TryFindRestart(block, key, seekTrailer, restartCount, entriesEnd, out var offset))
        {
            return BlockSearchResult.Damaged;
        }

        var matched = 0;
        var previousKeyLength = 0;
        while (offset < entriesEnd)
        {
            if (!BlockEntry.TryRead(bytes, offset, entriesEnd, previousKeyLength, out var entry))
            {
                return BlockSearchResult.Damaged;
            }

            if (entry.Shared <= matched)
            {
                var order = CompareSuffix(bytes, entry, key, ref matched);
                if (order == 0 && entry.Trailer <= seekTrailer)
                {
                    trailer = entry.Trailer;
                    value = bytes.Slice(entry.ValueStart, entry.ValueLength);
                    return BlockSearchResult.Found;
                }

                if (order > 0)
                {
                    return BlockSearchResult.Absent;
                }
            }

            previousKeyLength = entry.KeyLength;
            offset = entry.End;
        }

        return BlockSearchResult.Absent;
    }

    /// <summary>The offset of the last restart before (<paramref name="key"/>, <paramref name="trailer"/>), or of the first restart when there is none.</summary>
    public static bool TryFindRestart(scoped in Block block, ReadOnlySpan<byte> key, ulong trailer, int restartCount, int entriesEnd, out int offset)
    {
        var bytes = block.Bytes;
        var low = 0;
        var high = restartCount - 1;
        Prefetch(bytes, high, entriesEnd);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (!BlockEntry.TryRead(bytes, Block.Restart(bytes, middle, entriesEnd), entriesEnd, 0, out var entry))
            {
                offset = 0;
                return false;
            }

            if (InternalOrder.Compare(bytes.Slice(entry.SuffixStart, entry.SuffixLength), entry.Trailer, key, trailer) < 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        offset = Block.Restart(bytes, low, entriesEnd);
        return true;
    }

    /// <summary>
    /// Asks for the entries at the restarts all at once: a bisection that waits for one before it knows the next would wait three or four times for a
    /// block that is not in the processor's caches.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ReadOnlySpan<byte> bytes, int last, int entriesEnd)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        for (var i = Math.Min(last, MaxPrefetches); i > 0; i--)
        {
            CacheLines.Prefetch(ref first, Block.Restart(bytes, i, entriesEnd));
        }
    }

    /// <summary>
    /// Compares the entry's user key with <paramref name="key"/>, given that they agree on the bytes that the entry shares, and updates
    /// <paramref name="matched"/> to the length of their common prefix.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CompareSuffix(ReadOnlySpan<byte> bytes, in BlockEntry entry, ReadOnlySpan<byte> key, ref int matched)
    {
        var suffix = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), entry.SuffixStart), entry.SuffixLength);
        var rest = key[entry.Shared..];
        var common = suffix.CommonPrefixLength(rest);
        matched = entry.Shared + common;
        if (common == rest.Length)
        {
            return suffix.Length - rest.Length;
        }

        return common == suffix.Length ? -1 : suffix[common] - rest[common];
    }
}
