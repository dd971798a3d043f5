namespace LsmTree.Storage.RangeTombstones;

/// <summary>Every key in [<paramref name="Start"/>, <paramref name="End"/>) that is older than <paramref name="Sequence"/> is gone.</summary>
internal readonly record struct RangeTombstone(byte[] Start, byte[] End, ulong Sequence)
{
    public bool Covers(ReadOnlySpan<byte> userKey) =>
        userKey.SequenceCompareTo(Start) >= 0 && userKey.SequenceCompareTo(End) < 0;
}
