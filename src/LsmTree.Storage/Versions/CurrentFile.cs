using System.Globalization;
using System.Text;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Versions;

/// <summary>The file CURRENT: one line that names the manifest in force.</summary>
/// <remarks>
/// <code>
///   MANIFEST-000007 5872ce62↵        the name, a space, the CRC32C of the name's bytes in hexadecimal
/// </code>
/// <para>It is replaced as a whole: the new line goes to CURRENT.tmp, is synced, and renamed over CURRENT; then the directory is synced.
/// A crash leaves the old line or the new one, never a mixture. Whatever else is found in the file is damage: the name must be a manifest's
/// and nothing more, so that no content can lead out of the directory.</para>
/// </remarks>
internal static class CurrentFile
{
    /// <summary>No valid line is longer: a name with twenty digits, a space, eight digits, the end of the line.</summary>
    private const int MaxBytes = 64;

    /// <summary>Writes the new line beside the old one and syncs it. CURRENT is unchanged.</summary>
    public static void Prepare(IFileSystem files, string directory, ulong manifestNumber)
    {
        var path = Path.Combine(directory, FileNames.CurrentTemporary);
        // What a crash has left there names a manifest that never came into force.
        files.Delete(path);
        using var file = files.CreateAppend(path, new AppendSettings(Mapped: false));
        file.Append(Encoding.ASCII.GetBytes(Line(manifestNumber)));
        file.Finish();
        file.Sync();
    }

    /// <summary>Puts the prepared line in force.</summary>
    /// <exception cref="IOException">Either line may be in force, now or after a crash.</exception>
    public static void Switch(IFileSystem files, string directory)
    {
        try
        {
            files.Rename(Path.Combine(directory, FileNames.CurrentTemporary), Path.Combine(directory, FileNames.Current));
            files.SyncDirectory(directory);
        }
        catch (Exception error) when (error is StoreFullException or FileNotOpenedException)
        {
            // Of one operation these say that nothing was done. Of two, the first may have been.
            throw new IOException(error.Message, error);
        }
    }

    /// <summary>The number of the manifest in force.</summary>
    /// <exception cref="CorruptionException">The content is not what <see cref="Prepare"/> writes.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ulong Read(IFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileNames.Current);
        using var file = files.OpenRead(path);
        Span<byte> buffer = stackalloc byte[MaxBytes + 1];
        var content = buffer[..file.Read(0, buffer)];
        if (TryParse(content, out var number))
        {
            return number;
        }

        var found = content.IsEmpty ? "an empty file" : $"\"{KeyText.Of(content)}\"";
        throw new CorruptionException(path, 0, "one line with the name of a manifest and its checksum", found);
    }

    private static bool TryParse(ReadOnlySpan<byte> content, out ulong number)
    {
        number = 0;
        var space = content.IndexOf((byte)' ');
        return space > 0
            && FileNames.TryParse(Encoding.ASCII.GetString(content[..space]), out var kind, out number)
            && kind == FileKind.Manifest
            && content.SequenceEqual(Encoding.ASCII.GetBytes(Line(number)));
    }

    private static string Line(ulong manifestNumber)
    {
        var name = FileNames.Manifest(manifestNumber);
        return string.Create(CultureInfo.InvariantCulture, $"{name} {Crc32C.Compute(Encoding.ASCII.GetBytes(name)):x8}\n");
    }
}
