using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace LsmTree.Storage.Files;

/// <summary>Turns the operating system's error numbers, and the base library's exceptions, into the exceptions that <see cref="IFileSystem"/> promises.</summary>
internal static class DiskError
{
    public const int Interrupted = 4;
    public const int PermissionDenied = 1;
    public const int NotFound = 2;
    public const int CrossDevice = 18;
    public const int InvalidArgument = 22;
    public const int TooManyLinks = 31;

    private const int NoMemory = 12;
    private const int AccessDenied = 13;
    private const int TooManyFilesOfSystem = 23;
    private const int TooManyFiles = 24;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    public static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    public static int NotImplemented => OperatingSystem.IsLinux() ? 38 : 78;

    public static int NotSupported => OperatingSystem.IsLinux() ? 95 : 45;

    private static int SymbolicLinkLoop => OperatingSystem.IsLinux() ? 40 : 62;

    private static int QuotaExceeded => OperatingSystem.IsLinux() ? 122 : 69;

    public static bool IsFull(int error) => error == NoSpace || error == QuotaExceeded;

    public static bool IsUnsupported(int error) => error == NotSupported || error == NotImplemented || error == InvalidArgument;

    /// <summary>The process or the system has no handle or no memory left: others will give theirs back.</summary>
    public static bool IsExhausted(int error) => error is NoMemory or TooManyFilesOfSystem or TooManyFiles;

    /// <summary>No permission, or a file system that is mounted read-only.</summary>
    public static bool IsForbidden(int error) => error is PermissionDenied or AccessDenied or ReadOnlyFileSystem;

    public static bool IsSharingViolation(IOException error) => error.HResult == WindowsSharingViolation;

    /// <summary>The exception for an error number of Linux or macOS.</summary>
    public static Exception FromNumber(int error, string operation, string path)
    {
        if (error == NotFound)
        {
            return new FileNotFoundException($"{path} does not exist ({operation}).", path);
        }

        var message = $"{operation} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).";
        if (IsFull(error))
        {
            return new StoreFullException(message, new IOException(message, error));
        }

        return error == SymbolicLinkLoop
            ? new IOException($"{operation} of {path} was refused: it is a symbolic link, and store files are never reached through one (error {error}).", error)
            : new IOException(message, error);
    }

    /// <summary>The exception for what the base library threw: its IOException carries the bare error number, and its refusals are no IOException at all.</summary>
    public static Exception FromException(SystemException error, string operation, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => error,
        IOException { HResult: WindowsHandleDiskFull or WindowsDiskFull } => new StoreFullException($"{operation} of {path} failed: {error.Message}", error),
        IOException when !OperatingSystem.IsWindows() && IsFull(error.HResult) => new StoreFullException($"{operation} of {path} failed: {error.Message}", error),
        _ => new IOException($"{operation} of {path} failed: {error.Message}", error) { HResult = error.HResult },
    };

    /// <summary>What creating or opening something throws: an error of the device or of its limits means that nothing was done.</summary>
    public static Exception NotOpened(Exception error) => error is IOException cause and not (FileNotFoundException or DirectoryNotFoundException or FileNotOpenedException)
        ? new FileNotOpenedException(cause)
        : error;

    /// <summary>Throws for the error number that the last call left.</summary>
    [DoesNotReturn]
    public static void ThrowLast(string operation, string path) => throw FromNumber(Marshal.GetLastPInvokeError(), operation, path);
}
