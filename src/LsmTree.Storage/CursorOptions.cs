namespace LsmTree.Storage;

/// <summary>What a cursor sees.</summary>
/// <remarks>Bounds are arrays, not memories: a null array would silently become an empty memory, which is a bound.</remarks>
public sealed record CursorOptions
{
    internal static readonly CursorOptions Default = new();

    /// <summary>The first key that the cursor may be at; null for no bound. Not copied: leave it unchanged while the cursor lives.</summary>
    public byte[]? LowerBound { get; init; }

    /// <summary>The key before which the cursor ends (exclusive); null for no bound. Not copied: leave it unchanged while the cursor lives.</summary>
    public byte[]? UpperBound { get; init; }

    /// <summary>
    /// What every key must begin with, in addition to the bounds; null or empty for any key. A prefix of FF bytes alone ends with the last key of the
    /// store. Not copied: leave it unchanged while the cursor lives.
    /// </summary>
    public byte[]? Prefix { get; init; }

    /// <summary>The moment to read; null for now. Must be null for a cursor of a transaction, which has its own.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>Whether blocks read for this cursor go into the block cache. Default: true; large scans pass false.</summary>
    public bool FillCache { get; init; } = true;

    /// <summary>Ends a long move (a run of tombstones, a count) with <see cref="OperationCanceledException"/>. Looked at every 1,024 entries stepped over.</summary>
    public CancellationToken Cancellation { get; init; }
}
