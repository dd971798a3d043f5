namespace LsmTree.Storage.Tables;

/// <summary>The entries of a table that expire.</summary>
/// <param name="Entries">How many; at least one.</param>
/// <param name="Earliest">When the first of them expires, in milliseconds since 1970.</param>
/// <param name="Latest">When the last of them expires.</param>
internal readonly record struct ExpirySpan(long Entries, long Earliest, long Latest)
{
    /// <summary>With one more entry; null is none so far.</summary>
    public static ExpirySpan Include(ExpirySpan? span, long expiresAt) => span is { } known
        ? new(known.Entries + 1, Math.Min(known.Earliest, expiresAt), Math.Max(known.Latest, expiresAt))
        : new(1, expiresAt, expiresAt);

    /// <summary>About how many have expired at <paramref name="moment"/>, if expiries are spread evenly. At least a little when any has.</summary>
    public double ExpiredBy(long moment)
    {
        if (moment < Earliest)
        {
            return 0;
        }

        return moment >= Latest ? Entries : Entries * (((double)moment - Earliest + 1) / ((double)Latest - Earliest + 1));
    }
}
