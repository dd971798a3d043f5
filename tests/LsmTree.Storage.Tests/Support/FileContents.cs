using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>Whole files in and out of a file system.</summary>
internal static class FileContents
{
    public static byte[] Read(IFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }

    /// <summary>The files of a directory, as a file system of their own: what a crash of the process would leave.</summary>
    public static MemoryFileSystem CopyOf(IFileSystem files, string directory)
    {
        var copy = new MemoryFileSystem();
        copy.CreateDirectory(directory);
        foreach (var name in files.List(directory))
        {
            Write(copy, Path.Combine(directory, name), Read(files, Path.Combine(directory, name)));
        }

        return copy;
    }

    public static void Write(IFileSystem files, string path, ReadOnlySpan<byte> bytes)
    {
        files.Delete(path);
        using var file = files.CreateAppend(path, default);
        file.Append(bytes);
        file.Sync();
        file.Finish();
    }
}
