namespace LsmTree.Storage.Views;

/// <summary>A place in the <see cref="SnapshotList"/>. Reusable after it was removed.</summary>
internal sealed class SnapshotHandle
{
    public ulong Sequence { get; set; }

    /// <summary>The moment by which entries expire for it, in milliseconds since 1970.</summary>
    public long Moment { get; set; }

    public ReadPoint Point => new(Sequence, Moment);

    /// <summary>When it was taken, as a timestamp of the store's clock.</summary>
    public long TakenAt { get; set; }

    /// <summary>Whether it belongs to a transaction.</summary>
    public bool IsTransaction { get; init; }

    /// <summary>From where it was taken, when the store was asked to remember that.</summary>
    public string? Stack { get; set; }

    public SnapshotHandle? Older { get; set; }

    public SnapshotHandle? Newer { get; set; }

    public bool IsListed { get; set; }
}
