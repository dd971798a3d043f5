using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Keys;

/// <summary>The one order of the engine: user key ascending as unsigned bytes, then <see cref="Trailer"/> descending.</summary>
internal static class InternalOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(ReadOnlySpan<byte> leftKey, ulong leftTrailer, ReadOnlySpan<byte> rightKey, ulong rightTrailer)
    {
        var order = leftKey.SequenceCompareTo(rightKey);
        return order != 0 ? order : rightTrailer.CompareTo(leftTrailer);
    }
}
