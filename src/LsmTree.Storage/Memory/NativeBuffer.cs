using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>Memory outside the managed heap that one object owns, on cache lines of its own. It goes when it was closed, and nobody can be reading it any more.</summary>
/// <remarks>
/// Whoever looks into it is in a <see cref="ReadSection"/>, and has found <see cref="IsClosed"/> false in that section or cannot find the owner once it is closed; or
/// it knows that nobody closes the buffer meanwhile. The finalizer, for owners that were dropped, waits for sections like everybody; who is in none keeps the owner
/// alive (<see cref="GC.KeepAlive"/>) until the last look.
/// </remarks>
internal sealed class NativeBuffer : IDisposable
{
    /// <summary>From this size on the memory comes from the system and goes back to it at once. Smaller pieces the allocator of the C library does not keep to itself.</summary>
    private const int LeastPagesBytes = 64 << 10;

    private const int Alignment = 64; // a cache line

    private readonly int _bytes;
    private nint _address;
    private int _isClosed;

    private NativeBuffer(nint address, int bytes)
    {
        _address = address;
        _bytes = bytes;
    }

    ~NativeBuffer() => Dispose();

    /// <summary>Where the memory begins: a multiple of 64; 0 once it has gone.</summary>
    public nint Address => Volatile.Read(ref _address);

    /// <summary>True from <see cref="Dispose"/> on. Who sees false in a section may read until the section ends.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>A buffer with undefined contents.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more memory.</exception>
    public static unsafe NativeBuffer Allocate(int bytes)
    {
        var address = bytes < LeastPagesBytes ? (nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment) : NativePages.Allocate(bytes);
        return new NativeBuffer(address, bytes);
    }

    /// <summary>Gives the memory back as soon as nobody can be reading it. Once is enough.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            GracePeriod.Await(Free);
        }
    }

    /// <summary>Gives the memory back at once: nobody but the caller has ever seen it.</summary>
    public void Discard()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Free();
        }

        Dispose();
    }

    private unsafe void Free()
    {
        var address = Interlocked.Exchange(ref _address, 0);
        if (_bytes < LeastPagesBytes)
        {
            NativeMemory.AlignedFree((void*)address);
        }
        else
        {
            NativePages.Free(address, _bytes);
        }
    }
}
