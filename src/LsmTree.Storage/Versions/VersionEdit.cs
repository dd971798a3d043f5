namespace LsmTree.Storage.Versions;

/// <summary>The step from one version to the next, and what else the manifest remembers. Fields that are null say nothing.</summary>
/// <remarks>
/// Removals come before additions: an edit that removes a table from level 2 and adds the same number to level 3 moves it.
/// An edit that only removes is normal: a compaction in which everything was obsolete has no output, and its inputs must still go.
/// </remarks>
internal sealed record VersionEdit
{
    /// <summary>The format of everything in the directory (<see cref="StoreFormat"/>). In the first edit of a manifest, and in one that raises it; before all else.</summary>
    public uint? FormatVersion { get; init; }

    /// <summary>The identity of the store. In the first edit of a manifest.</summary>
    public ulong? StoreId { get; init; }

    /// <summary>Logs with lower numbers are obsolete: all that they hold is in tables.</summary>
    public ulong? LogNumber { get; init; }

    /// <summary>Every file number given out so far is below this.</summary>
    public ulong? NextFileNumber { get; init; }

    /// <summary>No entry in a table has a higher sequence number.</summary>
    public ulong? LastSequence { get; init; }

    public IReadOnlyList<RemovedTable> Removed { get; init; } = [];

    public IReadOnlyList<AddedTable> Added { get; init; } = [];
}
