namespace LsmTree.Storage.Views;

/// <summary>A place in the <see cref="CursorList"/>.</summary>
internal sealed class CursorHandle
{
    /// <summary>The part of the list that it is in; null before and after.</summary>
    public CursorList.Part? Part { get; set; }

    public ulong Sequence { get; init; }

    /// <summary>When the cursor was created, as a timestamp of the store's clock.</summary>
    public long CreatedAt { get; init; }

    /// <summary>From where, when the store was asked to remember that.</summary>
    public string? Stack { get; init; }

    public CursorHandle? Older { get; set; }

    public CursorHandle? Newer { get; set; }
}
