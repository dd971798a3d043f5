namespace LsmTree.Storage.Cursors;

/// <summary>A cursor over nothing.</summary>
internal sealed class EmptyCursor : ICursor
{
    public static readonly EmptyCursor Instance = new();

    public bool IsValid => false;

    public ReadOnlySpan<byte> Key => throw new InvalidOperationException("The cursor is at no entry.");

    public ulong Trailer => throw new InvalidOperationException("The cursor is at no entry.");

    public ReadOnlySpan<byte> Value => throw new InvalidOperationException("The cursor is at no entry.");

    public void SeekToFirst()
    {
    }

    public void SeekToLast()
    {
    }

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer)
    {
    }

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer)
    {
    }

    public void Next() => throw new InvalidOperationException("The cursor is at no entry.");

    public void Prev() => throw new InvalidOperationException("The cursor is at no entry.");

    public void Dispose()
    {
    }
}
