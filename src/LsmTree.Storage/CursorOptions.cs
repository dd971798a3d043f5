namespace LsmTree.Storage;

/// <summary>What a cursor sees.</summary>
public sealed record CursorOptions
{
    /// <summary>The first key that the cursor may be at; null for no bound. Copied by the cursor.</summary>
    public ReadOnlyMemory<byte>? LowerBound { get; init; }

    /// <summary>The key before which the cursor ends (exclusive); null for no bound. Copied by the cursor.</summary>
    public ReadOnlyMemory<byte>? UpperBound { get; init; }

    /// <summary>The moment to read; null for now.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>Whether blocks read for this cursor go into the block cache. Default: true; large scans pass false.</summary>
    public bool FillCache { get; init; } = true;
}
