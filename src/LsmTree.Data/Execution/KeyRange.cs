namespace LsmTree.Data.Execution;

/// <summary>The keys in [<paramref name="Lower"/>, <paramref name="Upper"/>); null is open, which only the raw table has.</summary>
internal readonly record struct KeyRange(byte[]? Lower, byte[]? Upper, bool IsEmpty)
{
    public static KeyRange Empty => new(null, null, true);
}
