using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tables;

/// <summary>The short keys that stand in the index between two blocks.</summary>
internal static class KeySeparator
{
    /// <summary>Appends a shortest key s with <paramref name="left"/> ≤ s ‹ <paramref name="right"/>. Requires left ‹ right.</summary>
    /// <example>
    /// "abcdef", "abzz" → "abd" · "user:1", "user:2" → "user:1" (the byte between does not exist) · "a7xx", "a8b" → "a8" · "a7xx", "a8" → "a7y" ·
    /// "ab", "abc" → "ab" · "" , "a" → "".
    /// </example>
    public static void Append(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, ByteBuffer destination)
    {
        var common = left.CommonPrefixLength(right);
        if (common == left.Length)
        {
            destination.Append(left);
            return;
        }

        if (left[common] + 1 < right[common])
        {
            AppendIncremented(left[..(common + 1)], destination);
            return;
        }

        if (right.Length > common + 1)
        {
            destination.Append(right[..(common + 1)]);
            return;
        }

        // The right key is the left one's prefix with its last byte incremented: only a byte further on can make room, unless it is 0xFF.
        var room = left[(common + 1)..].IndexOfAnyExcept((byte)0xFF);
        if (room >= 0 && common + 1 + room + 1 < left.Length)
        {
            AppendIncremented(left[..(common + 1 + room + 1)], destination);
            return;
        }

        destination.Append(left);
    }

    private static void AppendIncremented(ReadOnlySpan<byte> key, ByteBuffer destination)
    {
        destination.Append(key[..^1]);
        destination.AppendByte((byte)(key[^1] + 1));
    }
}
