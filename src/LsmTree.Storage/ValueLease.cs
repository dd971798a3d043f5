using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>A value where it lies, in a memtable or a cached block: to be read without a copy. Dispose it.</summary>
/// <remarks>
/// The bytes never change while the lease lives, whatever is written, flushed, compacted or evicted meanwhile: they are memory that is never used again for
/// something else while somebody can reach it. So a lease costs nothing to take, and holds no lock and no file; what it holds is memory, a block or a
/// memtable, beyond the store's budget if need be. It lives on the stack only, which keeps it short.
/// </remarks>
public ref struct ValueLease : IDisposable
{
    private FoundValue _found;
    private bool _isHeld;

    internal ValueLease(FoundValue found)
    {
        _found = found;
        _isHeld = true;
    }

    /// <summary>The bytes of the value. Valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The lease was disposed, or never held a value.</exception>
    public readonly ReadOnlySpan<byte> Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(!_isHeld, typeof(ValueLease));
            return _found.Value;
        }
    }

    /// <summary>Lets the value go. May be called twice.</summary>
    public void Dispose()
    {
        _found.Dispose();
        _found = default;
        _isHeld = false;
    }
}
