namespace LsmTree.Storage.Cursors;

/// <summary>Walks entries in internal order (user key ascending, then newest first), versions and tombstones included.</summary>
/// <remarks>
/// <para>A cursor is at an entry (<see cref="IsValid"/>) or at none; only seeks leave "none". It is used by one thread at a time.</para>
/// <para>Spans are valid until the next move or <see cref="IDisposable.Dispose"/>.</para>
/// <para>Bytes that cannot be read throw <see cref="CorruptionException"/> or <see cref="IOException"/> from the move that met them; the
/// cursor is then at no entry.</para>
/// </remarks>
internal interface ICursor : IDisposable
{
    /// <summary>True when the cursor is at an entry.</summary>
    bool IsValid { get; }

    /// <summary>The user key of the entry. Requires <see cref="IsValid"/>.</summary>
    ReadOnlySpan<byte> Key { get; }

    /// <summary>The <see cref="Keys.Trailer"/> of the entry. Requires <see cref="IsValid"/>.</summary>
    ulong Trailer { get; }

    /// <summary>The value of the entry. Requires <see cref="IsValid"/>.</summary>
    ReadOnlySpan<byte> Value { get; }

    /// <summary>Moves to the first entry, or to none.</summary>
    void SeekToFirst();

    /// <summary>Moves to the last entry, or to none.</summary>
    void SeekToLast();

    /// <summary>Moves to the first entry at or after (<paramref name="userKey"/>, <paramref name="trailer"/>) in internal order, or to none.</summary>
    void Seek(ReadOnlySpan<byte> userKey, ulong trailer);

    /// <summary>Moves to the last entry strictly before (<paramref name="userKey"/>, <paramref name="trailer"/>) in internal order, or to none.</summary>
    void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer);

    /// <summary>Moves to the following entry, or to none. Requires <see cref="IsValid"/>.</summary>
    void Next();

    /// <summary>Moves to the preceding entry, or to none. Requires <see cref="IsValid"/>.</summary>
    void Prev();
}
