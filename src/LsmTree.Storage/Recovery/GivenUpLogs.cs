using LsmTree.Storage.Files;

namespace LsmTree.Storage.Recovery;

/// <summary>Keeps logs that <see cref="RecoveryMode.PointInTime"/> has given up, under a name that is never read as a log: 000007.log.lost.</summary>
/// <remarks>
/// The second name comes before the edit that makes the log obsolete, and the first goes after it, with all obsolete logs. A crash between leaves both: then the next
/// opening finds the same log with the same damage, and decides again.
/// </remarks>
internal static class GivenUpLogs
{
    private const string Suffix = ".lost";
    private const int PieceBytes = 1 << 20; // 1 MiB

    /// <summary>Gives each log its second name, durably, or copies it where the file system has no links.</summary>
    public static void Keep(IFileSystem files, string directory, IReadOnlyCollection<string> paths)
    {
        foreach (var path in paths)
        {
            var aside = path + Suffix;
            files.Delete(aside); // of an opening that was cut short
            if (!files.TryHardLink(path, aside))
            {
                Copy(files, path, aside);
            }
        }

        if (paths.Count > 0)
        {
            files.SyncDirectory(directory);
        }
    }

    private static void Copy(IFileSystem files, string from, string to)
    {
        using var input = files.OpenRead(from);
        using var output = files.CreateAppend(to, new AppendSettings(Mapped: false));
        var piece = new byte[(int)Math.Min(PieceBytes, input.Length)];
        for (long offset = 0; offset < input.Length;)
        {
            var read = input.Read(offset, piece);
            if (read == 0)
            {
                throw new IOException($"{from} became shorter while it was being copied.");
            }

            output.Append(piece.AsSpan(0, read));
            offset += read;
        }

        output.Finish();
        output.Sync();
    }
}
