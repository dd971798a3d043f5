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

    public static void Write(IFileSystem files, string path, ReadOnlySpan<byte> bytes)
    {
        files.Delete(path);
        using var file = files.CreateAppend(path, default);
        file.Append(bytes);
        file.Sync();
        file.Finish();
    }
}
