using System.Globalization;
using System.Text;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Inspection;

/// <summary>The file OPTIONS: the settings of the last run, for whoever has to understand a store later. Nothing is read back from it.</summary>
/// <remarks>
/// <code>
///   Durability=Normal↵
///   MemtableBytes=33554432↵
///   …
///   crc32c 5872ce62↵            the CRC32C of all bytes before this line, in hexadecimal
/// </code>
/// <para>It is written when a store is opened for writing with other settings than are in it, as a whole: to OPTIONS.tmp, synced, renamed. It never keeps a store from
/// opening, neither when it is damaged nor when it cannot be written.</para>
/// </remarks>
internal static class OptionsFile
{
    /// <summary>More than this no writer of ours writes, in bytes.</summary>
    private const int MaxBytes = 16 << 10;

    private const string ChecksumPrefix = "crc32c ";

    /// <summary>Puts <paramref name="settings"/> in the file unless they are there.</summary>
    public static void Update(IFileSystem files, string directory, string settings)
    {
        try
        {
            var content = Encoding.UTF8.GetBytes(settings + ChecksumLine(settings));
            var path = Path.Combine(directory, FileNames.Options);
            if (files.FileExists(path) && ReadBytes(files, path).AsSpan().SequenceEqual(content))
            {
                return;
            }

            var temporary = Path.Combine(directory, FileNames.OptionsTemporary);
            files.Delete(temporary);
            using (var file = files.CreateAppend(temporary, new AppendSettings(Mapped: false)))
            {
                file.Append(content);
                file.Finish();
                file.Sync();
            }

            files.Rename(temporary, path);
        }
        catch (Exception error) when (error is IOException or StoreFullException)
        {
            // The store is sound without it. What failed here fails again where it matters.
        }
    }

    /// <summary>The settings, one to a line; null when there is no such file.</summary>
    /// <exception cref="CorruptionException">The checksum does not fit.</exception>
    public static string? Read(IFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileNames.Options);
        if (!files.FileExists(path))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(ReadBytes(files, path));
        var end = text.LastIndexOf(ChecksumPrefix, StringComparison.Ordinal);
        if (end < 0 || text[end..] != ChecksumLine(text[..end]))
        {
            CorruptionException.Throw(path, 0, "settings and their checksum", "something else; the store does not need the file, and the next open with other settings replaces it");
        }

        return text[..end];
    }

    private static byte[] ReadBytes(IFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        var bytes = new byte[(int)Math.Min(file.Length, MaxBytes)];
        return bytes[..file.Read(0, bytes)];
    }

    private static string ChecksumLine(string settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{ChecksumPrefix}{Crc32C.Compute(Encoding.UTF8.GetBytes(settings)):x8}\n");
}
