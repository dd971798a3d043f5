namespace LsmTree.Storage.Views;

/// <summary>The keys that a cursor may be at: [lower, upper), null for no bound. An upper bound of zero length admits nothing.</summary>
internal readonly record struct CursorBounds(byte[]? Lower, byte[]? Upper)
{
    public bool IsBelow(ReadOnlySpan<byte> key) => Lower is not null && key.SequenceCompareTo(Lower) < 0;

    public bool IsPast(ReadOnlySpan<byte> key) => Upper is not null && key.SequenceCompareTo(Upper) >= 0;

    /// <summary>These bounds, and only keys that begin with <paramref name="prefix"/>; null and the empty prefix admit all.</summary>
    public CursorBounds Within(byte[]? prefix)
    {
        if (prefix is null or { Length: 0 })
        {
            return this;
        }

        var end = FirstAfterPrefix(prefix);
        return new CursorBounds(IsBelow(prefix) ? Lower : prefix, end is null || IsPast(end) ? Upper : end);
    }

    /// <summary>The smallest key above all that begin with the prefix: its last byte that is not FF is one more, and the FFs behind it go. Null when there is none.</summary>
    private static byte[]? FirstAfterPrefix(ReadOnlySpan<byte> prefix)
    {
        var kept = prefix.LastIndexOfAnyExcept(byte.MaxValue) + 1;
        if (kept == 0)
        {
            return null;
        }

        var end = prefix[..kept].ToArray();
        end[^1]++;
        return end;
    }
}
