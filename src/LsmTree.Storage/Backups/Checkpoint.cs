using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Backups;

/// <summary>A copy of one version in a directory of its own: a store like any other.</summary>
/// <remarks>
/// Tables never change, so a second name (a hard link) is a copy; where the file system has none, the bytes are copied. CURRENT is written last:
/// a checkpoint that was cut short is no store. It keeps the identity of its origin, which the checksums of its blocks contain.
/// </remarks>
internal static class Checkpoint
{
    private const int CopyBytes = 1 << 20; // 1 MiB

    public static void Write(IFileSystem files, string source, Versions.Version version, string target, ulong storeId, ulong lastSequence)
    {
        if (files.DirectoryExists(target) && files.List(target).Count > 0)
        {
            throw new IOException($"The checkpoint was not made: {target} is not empty. Give a directory that does not exist.");
        }

        files.CreateDirectory(target);
        var added = new List<AddedTable>();
        for (var level = 0; level < Versions.Version.LevelCount; level++)
        {
            foreach (var table in version.Level(level))
            {
                var name = FileNames.Table(table.Number);
                CopyOrLink(files, Path.Combine(source, name), Path.Combine(target, name));
                added.Add(new AddedTable(level, table.Info));
            }
        }

        files.SyncDirectory(target);
        using var versions = VersionSet.Create(files, target, storeId, new BlockCache(0), first: new VersionEdit { Added = added, LastSequence = lastSequence });
    }

    private static void CopyOrLink(IFileSystem files, string from, string to)
    {
        if (files.TryHardLink(from, to))
        {
            return;
        }

        using var source = files.OpenRead(from);
        using var target = files.CreateAppend(to, new AppendSettings(Mapped: false));
        var buffer = new byte[(int)Math.Min(CopyBytes, Math.Max(source.Length, 1))];
        for (long offset = 0; offset < source.Length;)
        {
            var read = source.Read(offset, buffer);
            if (read == 0)
            {
                CorruptionException.Throw(from, offset, $"{source.Length} bytes", "the end of the file");
            }

            target.Append(buffer.AsSpan(0, read));
            offset += read;
        }

        target.Finish();
        target.Sync();
    }
}
