using System.IO.Hashing;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Backups;

/// <summary>Copies a table file, checking on the way that its bytes are those that its writer wrote. The copy is synced, its name is not.</summary>
internal static class TableCopy
{
    private const int PieceBytes = 1 << 20; // 1 MiB

    /// <exception cref="CorruptionException">The source is damaged or missing. There is no copy.</exception>
    public static void Write(IFileSystem source, string from, IFileSystem target, string to, ulong storeId, TableInfo info, CancellationToken cancellation)
    {
        var isWhole = false;
        try
        {
            CopyChecked(source, from, target, to, storeId, info, cancellation);
            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                Remove(target, to);
            }
        }
    }

    /// <summary>Removes what an error has left. The error is the one to report, not that this failed as well.</summary>
    public static void Remove(IFileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (IOException)
        {
            // It is no part of anything; the next look finds it.
        }
    }

    private static void CopyChecked(IFileSystem source, string from, IFileSystem target, string to, ulong storeId, TableInfo info, CancellationToken cancellation)
    {
        using var input = Open(source, from, info);
        var footerOffset = info.FileBytes - TableFooter.Bytes;
        if (input.Length != info.FileBytes || footerOffset < 0)
        {
            CorruptionException.Throw(from, Math.Min(input.Length, info.FileBytes), $"a table of {info.FileBytes} bytes", $"a file of {input.Length} bytes");
        }

        using var output = target.CreateAppend(to, new AppendSettings(Mapped: false));
        var hash = new XxHash3();
        var buffer = new byte[(int)Math.Clamp(footerOffset, TableFooter.Bytes, PieceBytes)];
        for (var offset = 0L; offset < footerOffset;)
        {
            cancellation.ThrowIfCancellationRequested();
            var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, footerOffset - offset));
            Fill(input, offset, piece);
            hash.Append(piece);
            output.Append(piece);
            offset += piece.Length;
        }

        var actual = hash.GetCurrentHashAsUInt64();
        if (actual != info.Checksum)
        {
            CorruptionException.Throw(from, 0, $"bytes with checksum {info.Checksum:x16}", $"checksum {actual:x16}");
        }

        var footer = buffer.AsSpan(0, TableFooter.Bytes);
        Fill(input, footerOffset, footer);
        TableFooter.Read(footer, footerOffset, from, storeId, info.Number);
        output.Append(footer);
        output.Finish();
        output.Sync();
    }

    private static IReadFile Open(IFileSystem files, string path, TableInfo info)
    {
        try
        {
            return files.OpenRead(path);
        }
        catch (FileNotFoundException)
        {
            throw new CorruptionException(path, 0, $"{info}", "no such file");
        }
    }

    private static void Fill(IReadFile file, long offset, Span<byte> piece)
    {
        var read = file.Read(offset, piece);
        if (read != piece.Length)
        {
            CorruptionException.Throw(file.Path, offset + read, $"{file.Length} bytes", "the end of the file");
        }
    }
}
