using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>fsync, with every error but an interruption reported.</summary>
/// <remarks>
/// The base library's <c>RandomAccess.FlushToDisk</c> ignores EROFS, EINVAL and ENOTSUP, and cannot sync a directory. An fsync that failed is
/// never tried again here: the kernel may have marked the pages clean, and a second call would then succeed and prove nothing.
/// </remarks>
internal static class DiskSync
{
    /// <summary>Makes the bytes of a file, and its length, durable.</summary>
    public static void File(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            FlushOnWindows(file, path);
            return;
        }

        while (SyncOnce(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() != DiskError.Interrupted)
            {
                DiskError.ThrowLast("fsync", path);
            }
        }
    }

    /// <summary>Makes creations, renames and deletions in a directory durable. Windows has no such call: its file systems journal names themselves.</summary>
    public static void Directory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = Open(path, PosixCalls.OpenReadOnly | PosixCalls.OpenDirectoryOnly | PosixCalls.OpenCloseOnExec, "opening for fsync");
        while (SyncDirectoryOnce(directory) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != DiskError.Interrupted)
            {
                // A full disk, too: which names are durable is in doubt all the same, and a later fsync that succeeds would prove nothing.
                throw new DirectoryNotSyncedException(DiskError.FromNumber(error, "fsync", path));
            }
        }
    }

    /// <summary>open(2) without creation.</summary>
    public static SafeFileHandle Open(string path, int flags, string operation)
    {
        while (true)
        {
            var descriptor = PosixCalls.Open(path, flags);
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }

            var error = Marshal.GetLastPInvokeError();
            if (error != DiskError.Interrupted)
            {
                throw DiskError.NotOpened(DiskError.FromNumber(error, operation, path));
            }
        }
    }

    private static int SyncOnce(SafeFileHandle file) =>
        OperatingSystem.IsLinux() ? PosixCalls.SyncData(file) : SyncDirectoryOnce(file);

    /// <summary>On macOS fsync stops at the drive's cache; F_FULLFSYNC goes through it, and not every file system there knows it.</summary>
    private static int SyncDirectoryOnce(SafeFileHandle file)
    {
        if (!OperatingSystem.IsMacOS())
        {
            return PosixCalls.Sync(file);
        }

        var result = PosixCalls.Control(file, PosixCalls.FullSyncCommand);
        return result != 0 && DiskError.IsUnsupported(Marshal.GetLastPInvokeError()) ? PosixCalls.Sync(file) : result;
    }

    private static void FlushOnWindows(SafeFileHandle file, string path)
    {
        try
        {
#pragma warning disable RS0030 // the Files floor is the substitute
            RandomAccess.FlushToDisk(file);
#pragma warning restore RS0030
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "flush", path);
        }
    }
}
