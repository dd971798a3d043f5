namespace LsmTree.Storage.Memory;

/// <summary>Address space that is reserved as a whole and becomes memory, zeroed, where it is written: a buffer in it grows without moving, so nothing is copied and nothing left behind.</summary>
/// <remarks>
/// <para>It costs a page table until it is written, whatever its size. Linux only; elsewhere, and where the system refuses, there is none, and the caller
/// uses arrays.</para>
/// <para>The owner retires it. A transaction that was dropped and not disposed leaves that to the finalizer. A span does not keep its block from being
/// finalized, so whoever looks at one is in a <see cref="ReadSection"/>, which is waited for, or keeps the owner alive until it has looked
/// (<see cref="GC.KeepAlive"/>).</para>
/// </remarks>
internal sealed unsafe class NativeBlock : IDisposable
{
    private readonly int _bytes;
    private nint _address;

    private NativeBlock(nint address, int bytes)
    {
        _address = address;
        _bytes = bytes;
    }

    ~NativeBlock() => Retire();

    /// <summary>All of it; valid until it is retired.</summary>
    public Span<byte> Span => new((void*)_address, _bytes);

    public static NativeBlock? TryReserve(int bytes) => NativePages.TryReserve(bytes, out var address) ? new NativeBlock(address, bytes) : null;

    /// <summary>Gives the memory back when nobody is in a <see cref="ReadSection"/> that may have found it.</summary>
    public void Retire() => GracePeriod.Await(Dispose);

    /// <summary>Gives the memory back, which nobody may be looking at.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Free();
    }

    private void Free()
    {
        var address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            NativePages.Free(address, _bytes);
        }
    }
}
