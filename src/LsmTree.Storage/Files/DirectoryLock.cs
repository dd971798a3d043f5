#pragma warning disable RS0030 // the Files floor is the substitute
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>The operating system's lock on a store's LOCK file, held until disposed of or until the process ends.</summary>
/// <remarks>
/// <para>The lock is what counts, never that the file exists: a file left by a dead process is locked by nobody. The text in it only tells the
/// next one who was there.</para>
/// <para>flock is called directly, because the base library's own use of it can be switched off by an environment variable and ignores file
/// systems that cannot lock. Beside it stands a list of the paths that this process holds: some network file systems
/// lock for a process and not for an open file, and would let a second store of the same process in. The list is the one piece of static
/// state here; it has to be as wide as the process.</para>
/// </remarks>
internal sealed class DirectoryLock : IDisposable
{
    private const int MaxHolderBytes = 1 << 10; // 1 KiB

    private static readonly HashSet<string> s_held =
        new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase); // guarded by itself

    private readonly string _canonicalPath;
    private SafeFileHandle? _handle;

    private DirectoryLock(string canonicalPath, SafeFileHandle handle)
    {
        _canonicalPath = canonicalPath;
        _handle = handle;
    }

    /// <summary>Takes the lock, or says who has it.</summary>
    public static DirectoryLock Take(string path, string canonicalPath, string holder)
    {
        lock (s_held)
        {
            if (!s_held.Add(canonicalPath))
            {
                throw Held(path);
            }
        }

        SafeFileHandle? handle = null;
        try
        {
            handle = OperatingSystem.IsWindows() ? OpenOnWindows(path) : OpenAndLock(path);
            WriteHolder(handle, path, holder);
            return new DirectoryLock(canonicalPath, handle);
        }
        catch
        {
            handle?.Dispose();
            Forget(canonicalPath);
            throw;
        }
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, null);
        if (handle is not null)
        {
            if (!OperatingSystem.IsWindows())
            {
                // Closing does not suffice while a child that is being started, on whatever thread, still has the copy that fork gave it.
                PosixCalls.Lock(handle, PosixCalls.LockRelease);
            }

            handle.Dispose();
            Forget(_canonicalPath);
        }
    }

    private static void Forget(string canonicalPath)
    {
        lock (s_held)
        {
            s_held.Remove(canonicalPath);
        }
    }

    private static SafeFileHandle OpenAndLock(string path)
    {
        var handle = OpenOrCreate(path);
        while (PosixCalls.Lock(handle, PosixCalls.LockExclusive | PosixCalls.LockNonBlocking) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == DiskError.Interrupted)
            {
                continue;
            }

            handle.Dispose();
            throw error == DiskError.WouldBlock
                ? Held(path)
                : new IOException($"{path} cannot be locked: {Marshal.GetPInvokeErrorMessage(error)} (error {error}). A store needs a file system with working locks, or two processes could write it at once.", error);
        }

        return handle;
    }

    /// <summary>Opens without ever truncating: the text inside belongs to the holder.</summary>
    private static SafeFileHandle OpenOrCreate(string path)
    {
        while (true)
        {
            try
            {
                return DiskSync.Open(path, PosixCalls.OpenReadWrite | PosixCalls.OpenNoFollow | PosixCalls.OpenCloseOnExec, "opening");
            }
            catch (FileNotFoundException)
            {
                TryCreate(path);
            }
        }
    }

    private static void TryCreate(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process may have created it meanwhile; then the next round opens that one.
            if (!File.Exists(path))
            {
                throw DiskError.FromException(error, "creation", path);
            }
        }
    }

    private static SafeFileHandle OpenOnWindows(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException error) when (DiskError.IsSharingViolation(error))
        {
            throw Held(path);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "locking", path);
        }
    }

    private static void WriteHolder(SafeFileHandle handle, string path, string holder)
    {
        try
        {
            var text = Encoding.UTF8.GetBytes(holder);
            RandomAccess.SetLength(handle, 0);
            RandomAccess.Write(handle, text.AsSpan(0, Math.Min(text.Length, MaxHolderBytes)), 0);
        }
        catch (NotSupportedException)
        {
            throw DiskReadFile.NotRegular(path); // a pipe has no length
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            var translated = DiskError.FromException(error, "writing the holder", path);
            if (translated is not StoreFullException)
            {
                throw translated;
            }

            // The lock holds without its text, and a full disk must not keep a store from being opened and emptied.
        }
    }

    private static StoreLockedException Held(string path) =>
        new(Path.GetDirectoryName(path) is { Length: > 0 } directory ? directory : ".", ReadHolder(path));

    private static string ReadHolder(string path)
    {
        try
        {
            using var file = DiskReadFile.Open(path);
            var buffer = new byte[MaxHolderBytes];
            var text = Encoding.UTF8.GetString(buffer, 0, file.Read(0, buffer));
            var printable = new string([.. text.Where(static character => !char.IsControl(character))]).Trim();
            return printable.Length > 0 ? printable : "a holder that left no name";
        }
        catch (IOException error)
        {
            return $"a holder whose name cannot be read ({error.Message})";
        }
    }
}
