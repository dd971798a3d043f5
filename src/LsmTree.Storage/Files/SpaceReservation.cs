using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>Real blocks for bytes that will be written through a map.</summary>
/// <remarks>
/// A store into a mapped page for which there is no space, or whose server is gone, is a signal that ends the process, not an error that can
/// be reported. So a file is mapped only where a reservation is known to hold: on the file systems listed here, which overwrite reserved
/// blocks in place. Copy-on-write and network file systems take the reservation and may still fail the write; they get positional writes. So does overlayfs (the
/// writable layer of a container), which takes it for whatever file system is below, and does not tell which that is.
/// </remarks>
internal static class SpaceReservation
{
    // From Linux, include/uapi/linux/magic.h.
    private const long Ext = 0xEF53;
    private const long Xfs = 0x58465342;
    private const long Tmpfs = 0x01021994;

    /// <summary>True when <see cref="TryReserve"/> is worth trying on the file's file system.</summary>
    public static bool HoldsOn(SafeFileHandle file) =>
        // Elsewhere fsync is not promised to cover stores through a map (Windows), or there is no fallocate (macOS).
        OperatingSystem.IsLinux()
        && Environment.Is64BitProcess
        && PosixCalls.FileSystemType(file, out var type) == 0
        && HoldsOn(type);

    /// <summary>True for a file system, by its magic number, that overwrites reserved blocks in place.</summary>
    public static bool HoldsOn(long type) => type is Ext or Xfs or Tmpfs;

    /// <summary>Extends the file by reserved zeros to <paramref name="offset"/> + <paramref name="length"/>; false when the file system cannot.</summary>
    /// <exception cref="StoreFullException">There is no space.</exception>
    public static bool TryReserve(SafeFileHandle file, string path, long offset, long length)
    {
        while (PosixCalls.Allocate(file, mode: 0, offset, length) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == DiskError.Interrupted)
            {
                continue;
            }

            if (DiskError.IsUnsupported(error))
            {
                return false;
            }

            throw DiskError.FromNumber(error, $"reserving {length} bytes at {offset}", path);
        }

        return true;
    }
}
