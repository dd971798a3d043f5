namespace LsmTree.Storage.Versions;

/// <summary>A stretch of user keys, from <see cref="From"/> (included) to <see cref="To"/> (included, unless <see cref="ToIsExclusive"/>).</summary>
/// <remarks>
/// The upper end is exclusive when only a range tombstone reaches it: [a, m) followed by [m, z] share no key, and are neighbours of one level.
/// The empty key is the smallest of all, so that a lower end needs no "open"; an upper end of null is open.
/// </remarks>
internal readonly struct KeyRange(byte[] from, byte[]? to, bool toIsExclusive = false)
{
    public static readonly KeyRange Everything = new([], null);

    public byte[] From { get; } = from;

    public byte[]? To { get; } = to;

    public bool ToIsExclusive { get; } = toIsExclusive;

    /// <summary>True when every key of the range is below <paramref name="userKey"/>.</summary>
    public bool EndsBefore(ReadOnlySpan<byte> userKey)
    {
        if (To is null)
        {
            return false;
        }

        var order = To.AsSpan().SequenceCompareTo(userKey);
        return order < 0 || (order == 0 && ToIsExclusive);
    }

    public bool StartsAfter(ReadOnlySpan<byte> userKey) => From.AsSpan().SequenceCompareTo(userKey) > 0;

    public bool Contains(ReadOnlySpan<byte> userKey) => !StartsAfter(userKey) && !EndsBefore(userKey);

    /// <summary>True when some key may lie in both ranges.</summary>
    public bool Overlaps(in KeyRange other) => !EndsBefore(other.From) && !other.EndsBefore(From);

    /// <summary>True when <paramref name="other"/> does not reach out of this range.</summary>
    public bool Covers(in KeyRange other) => !other.IsBelow(From) && !ReachesLess(other);

    /// <summary>The smallest range that holds both.</summary>
    public KeyRange Union(in KeyRange other)
    {
        var from = From.AsSpan().SequenceCompareTo(other.From) <= 0 ? From : other.From;
        return ReachesLess(other) ? new KeyRange(from, other.To, other.ToIsExclusive) : new KeyRange(from, To, ToIsExclusive);
    }

    private bool IsBelow(ReadOnlySpan<byte> userKey) => From.AsSpan().SequenceCompareTo(userKey) < 0;

    private bool ReachesLess(in KeyRange other)
    {
        if (To is null)
        {
            return false;
        }

        if (other.To is null)
        {
            return true;
        }

        var order = To.AsSpan().SequenceCompareTo(other.To);
        return order < 0 || (order == 0 && ToIsExclusive && !other.ToIsExclusive);
    }
}
