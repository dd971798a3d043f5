using LsmTree.Storage.Transactions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>Walks the live entries of one moment of the store in key order, both ways. Used by one thread at a time.</summary>
/// <remarks>
/// What was committed after the cursor was created does not show in it, and what had not expired then stays. It holds the tables of its moment; dispose it soon.
/// A move may throw <see cref="CorruptionException"/> or <see cref="IOException"/>; the cursor is then at no entry.
/// </remarks>
public sealed class StoreCursor : IDisposable
{
    private readonly StoreView _view;
    private readonly ViewCursor _cursor;
    private readonly CursorBounds _bounds;
    private readonly ReadRange? _reads;
    private readonly ReaderHandle _handle;
    private bool _disposed;

    internal StoreCursor(StoreView view, ReadPoint point, PendingEntries? pending, CursorOptions options, ReadRange? reads, CursorList cursors)
    {
        _view = view;
        _reads = reads;
        _bounds = new CursorBounds(options.LowerBound, options.UpperBound).Within(options.Prefix);
        _cursor = new ViewCursor(view, point, pending, _bounds, options.FillCache, options.Cancellation);
        _handle = cursors.Add(point.Sequence);
    }

    /// <summary>True when the cursor is at an entry. A new cursor is at none.</summary>
    public bool IsValid => _cursor.IsValid;

    /// <summary>The key of the entry; valid until the next move or <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidOperationException">The cursor is at no entry.</exception>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            ThrowIfNowhere();
            return _cursor.Key;
        }
    }

    /// <summary>The value of the entry; valid until the next move or <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidOperationException">The cursor is at no entry.</exception>
    public ReadOnlySpan<byte> Value
    {
        get
        {
            ThrowIfNowhere();
            return _cursor.Value;
        }
    }

    /// <summary>Entries stepped over so far because they were deleted, overwritten or newer than the cursor's moment.</summary>
    public long SkippedEntries => _cursor.SkippedEntries;

    /// <summary>Moves to the first entry within the bounds. Returns <see cref="IsValid"/>.</summary>
    public bool SeekToFirst()
    {
        ThrowIfDisposed();
        _cursor.SeekToFirst();
        return Forward(_bounds.Lower, fromStart: _bounds.Lower is null);
    }

    /// <summary>Moves to the last entry within the bounds. Returns <see cref="IsValid"/>.</summary>
    public bool SeekToLast()
    {
        ThrowIfDisposed();
        _cursor.SeekToLast();
        return Backward(_bounds.Upper, fromEnd: _bounds.Upper is null);
    }

    /// <summary>Moves to the first entry with a key ≥ <paramref name="key"/> within the bounds. Returns <see cref="IsValid"/>.</summary>
    /// <param name="key">The key to look for; need not exist. It may be the cursor's own <see cref="Key"/>.</param>
    public bool Seek(ReadOnlySpan<byte> key)
    {
        ThrowIfDisposed();
        key = Lasting(key);
        _cursor.Seek(key);
        return Forward(key, fromStart: false);
    }

    /// <summary>Moves to the last entry with a key ≤ <paramref name="key"/> within the bounds. Returns <see cref="IsValid"/>.</summary>
    /// <param name="key">The key to look for; need not exist. It may be the cursor's own <see cref="Key"/>.</param>
    public bool SeekForPrev(ReadOnlySpan<byte> key)
    {
        ThrowIfDisposed();
        key = Lasting(key);
        _cursor.SeekForPrev(key);
        return Backward(key, fromEnd: false);
    }

    /// <summary>Moves to the following entry. Returns <see cref="IsValid"/>; false, and no error, when the cursor is at no entry.</summary>
    public bool Next()
    {
        if (!_cursor.IsValid)
        {
            ThrowIfDisposed();
            return false;
        }

        _cursor.Next();
        return _reads is null ? _cursor.IsValid : Forward(_reads.Low, fromStart: _reads.Low is null);
    }

    /// <summary>Moves to the preceding entry. Returns <see cref="IsValid"/>; false, and no error, when the cursor is at no entry.</summary>
    public bool Prev()
    {
        if (!_cursor.IsValid)
        {
            ThrowIfDisposed();
            return false;
        }

        _cursor.Prev();
        return _reads is null ? _cursor.IsValid : Backward(_reads.High, fromEnd: _reads.High is null);
    }

    /// <summary>
    /// Counts the entries from the current one (included) to the upper bound and leaves the cursor at no entry. Faster than stepping: where one
    /// sorted run covers a stretch, whole blocks are counted without decoding them. 0 when the cursor is at no entry.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token of the cursor's options was cancelled.</exception>
    public long CountRemaining()
    {
        ThrowIfDisposed();
        var from = _reads is null ? null : _cursor.IsValid ? _cursor.Key.ToArray() : null;
        var count = _cursor.CountRemaining();
        if (from is not null)
        {
            Forward(from, fromStart: false);
        }

        return count;
    }

    /// <summary>Releases the moment that the cursor holds. May be called twice.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            CursorList.Remove(_handle);
            _cursor.Dispose();
            _view.Release();
        }
    }

    /// <summary>What is noted after a move must not be the cursor's own key, which the move overwrites.</summary>
    private ReadOnlySpan<byte> Lasting(ReadOnlySpan<byte> key) => _reads is null ? key : key.ToArray();

    /// <summary>Notes, for a serializable transaction, that everything from <paramref name="from"/> to the present place was looked at.</summary>
    private bool Forward(ReadOnlySpan<byte> from, bool fromStart)
    {
        if (_reads is not null)
        {
            if (_cursor.IsValid)
            {
                _reads.Include(from, fromStart, _cursor.Key, highIsOpen: false);
            }
            else
            {
                _reads.Include(from, fromStart, _bounds.Upper, highIsOpen: _bounds.Upper is null);
            }
        }

        return _cursor.IsValid;
    }

    private bool Backward(ReadOnlySpan<byte> from, bool fromEnd)
    {
        if (_reads is not null)
        {
            if (_cursor.IsValid)
            {
                _reads.Include(_cursor.Key, lowIsOpen: false, from, fromEnd);
            }
            else
            {
                _reads.Include(_bounds.Lower, lowIsOpen: _bounds.Lower is null, from, fromEnd);
            }
        }

        return _cursor.IsValid;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private void ThrowIfNowhere()
    {
        if (!_cursor.IsValid)
        {
            ThrowIfDisposed();
            throw new InvalidOperationException("The cursor is at no entry. Seek first, and look at IsValid.");
        }
    }
}
