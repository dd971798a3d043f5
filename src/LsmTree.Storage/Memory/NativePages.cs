using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>Large pieces of memory from the operating system, which go back to it as soon as they are freed.</summary>
/// <remarks>
/// On Linux they are mapped one by one: the allocator of the C library learns from large pieces that are freed to keep the next ones, and then
/// gives nothing back. Elsewhere its allocator is used.
/// </remarks>
internal static unsafe partial class NativePages
{
    private const int ProtectReadWrite = 3; // PROT_READ | PROT_WRITE
    private const int AdviceHugePage = 14; // MADV_HUGEPAGE of Linux
    private const int MapPrivateAnonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS of Linux
    private const int MapNoReserve = 0x4000; // MAP_NORESERVE of Linux: pages count when they are written

    /// <exception cref="OutOfMemoryException">There is none.</exception>
    public static nint Allocate(int bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)Environment.SystemPageSize);
        }

        var address = Map(0, (nuint)bytes, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
        return address == -1
            ? throw new InsufficientMemoryException($"The system has no {bytes} bytes of memory (error {Marshal.GetLastPInvokeError()}).")
            : address;
    }

    /// <summary>As <see cref="Allocate"/>, at a multiple of <paramref name="bytes"/>, a power of two.</summary>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    public static nint AllocateAligned(int bytes, HugePages hugePages)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)bytes);
        }

        // Twice as much has an aligned piece in it; what lies around that was never touched and goes back.
        var whole = Allocate(2 * bytes);
        var aligned = (whole + bytes - 1) & -(nint)bytes;
        if (aligned > whole)
        {
            Free(whole, (int)(aligned - whole));
        }

        if (whole + bytes > aligned)
        {
            Free(aligned + bytes, (int)(whole + bytes - aligned));
        }

        if (hugePages == HugePages.Asked)
        {
            // A system without large pages declines, and the memory is as good without.
            _ = Advise(aligned, (nuint)bytes, AdviceHugePage);
        }

        return aligned;
    }

    /// <summary>Reserves addresses whose pages are zero, and taken from the system when they are written. False where there is no such thing.</summary>
    public static bool TryReserve(int bytes, out nint address)
    {
        address = OperatingSystem.IsLinux() ? Map(0, (nuint)bytes, ProtectReadWrite, MapPrivateAnonymous | MapNoReserve, -1, 0) : -1;
        return address != -1;
    }

    /// <summary>Gives back what one of the others has given.</summary>
    public static void Free(nint address, int bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            // It can only fail for arguments that were never a mapping.
            _ = Unmap(address, (nuint)bytes);
        }
        else
        {
            NativeMemory.AlignedFree((void*)address);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
