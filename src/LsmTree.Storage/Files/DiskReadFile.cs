#pragma warning disable RS0030 // the Files floor is the substitute
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>A file of the disk, read with pread: one handle, any number of threads, no shared position.</summary>
internal sealed class DiskReadFile : IReadFile
{
    private readonly SafeFileHandle _handle;

    private DiskReadFile(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        _handle = handle;
        Length = length;
    }

    public string Path { get; }

    public long Length { get; }

    public static DiskReadFile Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OpenPortably(path);
        }

        // Non-blocking, because opening a pipe would wait for its writer before anybody could see that it is a pipe.
        var handle = DiskSync.Open(
            path,
            PosixCalls.OpenReadOnly | PosixCalls.OpenNoFollow | PosixCalls.OpenNonBlocking | PosixCalls.OpenCloseOnExec,
            "opening");
        try
        {
            if (PosixCalls.Describe(handle, out var isRegular, out var length) != 0)
            {
                DiskError.ThrowLast("stat", path);
            }

            return isRegular ? new DiskReadFile(path, handle, length) : throw NotRegular(path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Says that a link, directory, pipe or device stands where a file should.</summary>
    public static IOException NotRegular(string path) => new($"opening of {path} was refused: it is not a regular file.");

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        try
        {
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(_handle, buffer[total..], offset + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, $"reading {buffer.Length} bytes at {offset}", Path);
        }

        return total;
    }

    public void Dispose() => _handle.Dispose();

    private static DiskReadFile OpenPortably(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            if ((File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint | FileAttributes.Device)) != 0)
            {
                throw NotRegular(path);
            }

            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new DiskReadFile(path, handle, RandomAccess.GetLength(handle));
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw DiskError.FromException(error, "opening", path);
        }
    }
}
