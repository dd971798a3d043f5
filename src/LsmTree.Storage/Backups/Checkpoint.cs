using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Backups;

/// <summary>A copy of one moment in a directory of its own: a store like any other.</summary>
/// <remarks>
/// Tables never change, so a second name (a hard link) is a copy; where the file system has none, the bytes are copied, and checked. CURRENT is
/// written last, after the directory was synced: a checkpoint that was cut short is no store, and says so (<see cref="CopyTarget"/>). It keeps the identity of its origin, which the checksums of its
/// blocks contain.
/// </remarks>
internal static class Checkpoint
{
    /// <summary>Copies <paramref name="image"/> to <paramref name="target"/>.</summary>
    /// <param name="image">What to copy.</param>
    /// <param name="files">Where the copy goes; the file system of the image, when links are to be made.</param>
    /// <param name="target">A directory that is absent or empty, or holds an unfinished copy.</param>
    /// <param name="holder">Who is told to have the target, should another want it meanwhile.</param>
    /// <param name="cancellation">Looked at between two tables, and in the copy of one.</param>
    /// <exception cref="IOException">It is not empty.</exception>
    public static void Write(StoreImage image, IFileSystem files, string target, string holder, CancellationToken cancellation)
    {
        using var claimed = CopyTarget.Claim(files, target, holder);
        var added = new List<AddedTable>();
        foreach (var table in image.Tables)
        {
            cancellation.ThrowIfCancellationRequested();
            var (from, to) = (image.PathOf(table.Info), Path.Combine(target, FileNames.Table(table.Info.Number)));
            if (!ReferenceEquals(files, image.Files) || !files.TryHardLink(from, to))
            {
                TableCopy.Write(image.Files, from, files, to, image.StoreId, table.Info, cancellation);
            }

            added.Add(table);
        }

        if (image.Unflushed is not null)
        {
            var number = image.NextNumber();
            added.Add(new AddedTable(0, image.WriteUnflushed(files, Path.Combine(target, FileNames.Table(number)), number)));
        }

        files.SyncDirectory(target);
        using var versions = VersionSet.Create(files, target, image.StoreId, new BlockCache(0), first: image.EditOf(added));
        claimed.Complete();
    }
}
