#pragma warning disable CS1591, CA1822, CA1065, CA1816 // the surface is drawn before it is filled
namespace LsmTree.Storage;

/// <summary>Walks the live entries of a moment of the store in key order, both ways. Used by one thread at a time.</summary>
public sealed class StoreCursor : IDisposable
{
    private StoreCursor() { }

    /// <summary>True when the cursor is at an entry.</summary>
    public bool IsValid => throw new NotImplementedException();

    /// <summary>The key of the entry; valid until the next move or Dispose.</summary>
    public ReadOnlySpan<byte> Key => throw new NotImplementedException();

    /// <summary>The value of the entry; valid until the next move or Dispose.</summary>
    public ReadOnlySpan<byte> Value => throw new NotImplementedException();

    // Each move returns IsValid.
    public bool SeekToFirst() => throw new NotImplementedException();
    public bool SeekToLast() => throw new NotImplementedException();
    /// <summary>Moves to the first entry with a key ≥ key (and within the bounds).</summary>
    public bool Seek(ReadOnlySpan<byte> key) => throw new NotImplementedException();
    /// <summary>Moves to the last entry with a key ≤ key (and within the bounds).</summary>
    public bool SeekForPrev(ReadOnlySpan<byte> key) => throw new NotImplementedException();
    public bool Next() => throw new NotImplementedException();
    public bool Prev() => throw new NotImplementedException();

    /// <summary>
    /// Counts the entries from the current one (included) to the upper bound and leaves the cursor at no entry. Faster than stepping: where one
    /// sorted run covers a stretch, whole blocks are counted without decoding them. 0 when the cursor is at no entry.
    /// </summary>
    public long CountRemaining(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Tombstones and old versions stepped over so far: what EXPLAIN ANALYZE and time-outs look at.</summary>
    public long SkippedEntries => throw new NotImplementedException();

    /// <summary>Releases the moment that the cursor holds.</summary>
    public void Dispose() => throw new NotImplementedException();
}
