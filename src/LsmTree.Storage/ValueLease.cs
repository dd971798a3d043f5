using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>A value where it lies, in a memtable or a cached block: to be read without a copy. Dispose it.</summary>
/// <remarks>
/// The bytes never change while the lease lives, whatever is written, flushed, compacted or evicted meanwhile: it holds the moment of the store that it was
/// read in, memory and table files, beyond the store's budget if need be, and a lease that is never disposed holds them for as long as the store is open. It
/// lives on the stack only, which keeps it short. Copies of a lease are the same lease.
/// </remarks>
public ref struct ValueLease : IDisposable
{
    private HeldValue _held;
    private bool _isHeld;

    internal ValueLease(HeldValue held)
    {
        _held = held;
        _isHeld = true;
    }

    /// <summary>The bytes of the value. Valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The lease was disposed, or never held a value.</exception>
    public readonly ReadOnlySpan<byte> Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(!_isHeld || !_held.IsHeld, typeof(ValueLease));
            return _held.Value;
        }
    }

    /// <summary>Lets the value go. May be called twice.</summary>
    public void Dispose()
    {
        _held.Release();
        _held = default;
        _isHeld = false;
    }
}
