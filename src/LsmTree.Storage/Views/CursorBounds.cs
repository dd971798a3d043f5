namespace LsmTree.Storage.Views;

/// <summary>The keys that a cursor may be at: [lower, upper), null for no bound. An upper bound of zero length admits nothing.</summary>
internal readonly record struct CursorBounds(byte[]? Lower, byte[]? Upper)
{
    public bool IsBelow(ReadOnlySpan<byte> key) => Lower is not null && key.SequenceCompareTo(Lower) < 0;

    public bool IsPast(ReadOnlySpan<byte> key) => Upper is not null && key.SequenceCompareTo(Upper) >= 0;
}
