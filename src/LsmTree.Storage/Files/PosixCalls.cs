using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>The calls of Linux and macOS that the base library lacks, or whose errors it hides. Each returns -1 and sets errno on failure.</summary>
/// <remarks>
/// <c>open</c> and <c>fcntl</c> are variadic in C and are declared here without their optional argument, which every ABI passes alike.
/// Offsets are 64 bits wide, so the calls that take one are for 64-bit processes only.
/// </remarks>
internal static unsafe partial class PosixCalls
{
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int LockRelease = 8;
    public const int FullSyncCommand = 51; // F_FULLFSYNC of macOS

    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;

    public const int AdvicePopulateWrite = 23; // MADV_POPULATE_WRITE of Linux, from 5.14

    private const int AtEmptyPath = 0x1000;
    private const uint StatxTypeAndSize = 0x201;
    private const int StatxBytes = 256;
    private const int StatxModeOffset = 28;
    private const int StatxSizeOffset = 40;
    private const int ModeTypeMask = 0xF000;
    private const int ModeRegular = 0x8000;
    private const int StatfsBytes = 512;
    private const int MaxPathBytes = 4096;

    /// <summary>True where the bits of <c>open</c> follow ARM's and POWER's own numbering instead of the generic one.</summary>
    private static bool HasArmOpenFlags =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le;

    public static int OpenNoFollow => OperatingSystem.IsLinux() ? (HasArmOpenFlags ? 0x8000 : 0x20000) : 0x100;

    public static int OpenDirectoryOnly => OperatingSystem.IsLinux() ? (HasArmOpenFlags ? 0x4000 : 0x10000) : 0x100000;

    public static int OpenCloseOnExec => OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    public static int OpenNonBlocking => OperatingSystem.IsLinux() ? 0x800 : 0x4;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(byte* start, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string link);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    /// <summary>Linux only: whether the open file is a regular one, and its length in bytes.</summary>
    public static int Describe(SafeFileHandle file, out bool isRegular, out long length)
    {
        var buffer = stackalloc byte[StatxBytes];
        byte emptyPath = 0;
        var result = Statx(file, &emptyPath, AtEmptyPath, StatxTypeAndSize, buffer);
        isRegular = result == 0 && (*(ushort*)(buffer + StatxModeOffset) & ModeTypeMask) == ModeRegular;
        length = result == 0 ? *(long*)(buffer + StatxSizeOffset) : 0;
        return result;
    }

    /// <summary>Linux only: the magic number of the file system that holds the open file.</summary>
    public static int FileSystemType(SafeFileHandle file, out long type)
    {
        var buffer = stackalloc byte[StatfsBytes];
        var result = Statfs(file, buffer);
        type = result == 0 ? *(nint*)buffer : 0;
        return result;
    }

    /// <summary>The path with its symbolic links resolved, or null with errno set.</summary>
    public static string? ResolvePath(string path)
    {
        var buffer = stackalloc byte[MaxPathBytes + 1];
        return RealPath(path, buffer) == 0 ? null : Marshal.PtrToStringUTF8((nint)buffer);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(SafeFileHandle directory, byte* path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int Statfs(SafeFileHandle file, byte* buffer);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, byte* resolved);
}
