#pragma warning disable RS0030 // the Files floor is the substitute
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>The disk of this machine. Has no state of its own.</summary>
internal sealed class DiskFileSystem : IFileSystem
{
    public string Canonicalize(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows())
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        }

        // ".." behind a symbolic link leads to the parent of its target, so links are resolved before dots are.
        var existing = Path.IsPathRooted(path) ? path : Path.Join(Environment.CurrentDirectory, path);
        var missing = "";
        while (true)
        {
            if (PosixCalls.ResolvePath(existing) is { } resolved)
            {
                return missing.Length == 0 ? resolved : Path.GetFullPath(Path.Join(resolved, missing));
            }

            var trimmed = Path.TrimEndingDirectorySeparator(existing);
            var parent = Path.GetDirectoryName(trimmed);
            if (Marshal.GetLastPInvokeError() != DiskError.NotFound || string.IsNullOrEmpty(parent))
            {
                DiskError.ThrowLast("resolving", path);
            }

            missing = Path.Join(Path.GetFileName(trimmed), missing);
            existing = parent;
        }
    }

    public bool FileExists(string path) => TryGetAttributes(path, out var attributes) && (attributes & FileAttributes.Directory) == 0;

    public bool DirectoryExists(string path) => TryGetAttributes(path, out var attributes) && (attributes & FileAttributes.Directory) != 0;

    public void CreateDirectory(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (DirectoryExists(full))
        {
            return;
        }

        var parent = Path.GetDirectoryName(full);
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        try
        {
            Directory.CreateDirectory(full);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "creation", path);
        }

        if (parent is not null)
        {
            SyncDirectory(parent);
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        try
        {
            var names = Directory.GetFileSystemEntries(directory);
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = Path.GetFileName(names[i]);
            }

            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "listing", directory);
        }
    }

    public IReadFile OpenRead(string path) => DiskReadFile.Open(path);

    public IAppendFile CreateAppend(string path, AppendSettings settings)
    {
        SafeFileHandle handle;
        try
        {
            // Mapping for writing needs a handle that reads, too.
            var access = settings.Mapped ? FileAccess.ReadWrite : FileAccess.Write;
            handle = File.OpenHandle(path, FileMode.CreateNew, access, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.NotOpened(DiskError.FromException(error, "creation", path));
        }

        try
        {
            return settings.Mapped
                ? MappedAppendFile.Create(path, handle, settings)
                : new DiskAppendFile(path, handle, position: 0, settings.BufferBytes);
        }
        catch (Exception error)
        {
            // A file that could not be prepared was never created.
            handle.Dispose();
            Delete(path);
            throw DiskError.NotOpened(error);
        }
    }

    public void Rename(string from, string to)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(from)) != Path.GetDirectoryName(Path.GetFullPath(to)))
        {
            throw new ArgumentException($"{from} and {to} are in two directories; only a rename within one is atomic everywhere.", nameof(to));
        }

        if (!OperatingSystem.IsWindows())
        {
            if (PosixCalls.Rename(from, to) != 0)
            {
                DiskError.ThrowLast($"renaming to {to}", from);
            }

            return;
        }

        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, $"renaming to {to}", from);
        }
    }

    public void Delete(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (PosixCalls.Unlink(path) != 0 && Marshal.GetLastPInvokeError() != DiskError.NotFound)
            {
                DiskError.ThrowLast("deletion", path);
            }

            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "deletion", path);
        }
    }

    public void SyncDirectory(string directory) => DiskSync.Directory(directory);

    public bool TryHardLink(string existing, string link)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsCalls.TryCreateHardLink(existing, link);
        }

        if (PosixCalls.Link(existing, link) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is DiskError.CrossDevice or DiskError.PermissionDenied or DiskError.TooManyLinks
            || error == DiskError.NotSupported || error == DiskError.NotImplemented
            ? false
            : throw DiskError.FromNumber(error, $"linking as {link}", existing);
    }

    public IDisposable Lock(string path, string holder) => DirectoryLock.Take(path, Canonicalize(path), holder);

    public long FreeBytes(string directory)
    {
        try
        {
            var full = Path.GetFullPath(directory);
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : full).AvailableFreeSpace;
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "asking for the free space", directory);
        }
    }

    /// <summary>False when the name is absent. Whatever else goes wrong is thrown: a store that cannot be seen must not look like one that is not there.</summary>
    private static bool TryGetAttributes(string path, out FileAttributes attributes)
    {
        attributes = default;
        try
        {
            attributes = File.GetAttributes(path);
            return true;
        }
        catch (SystemException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, "looking for", path);
        }
    }
}
