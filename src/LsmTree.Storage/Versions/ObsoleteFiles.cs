using LsmTree.Storage.Files;

namespace LsmTree.Storage.Versions;

/// <summary>Which files of the directory nobody needs any more, and their removal.</summary>
/// <remarks>
/// <para>Only the manifest says what counts: a table that no reachable version names is the input of a finished compaction, or the output of
/// one that never finished. What is being written just now is not named yet either, so numbers from a floor on are left alone; take the
/// floor <em>before</em> listing the directory.</para>
/// <para>Manifests have no floor: a step may begin one that is no job's, and it has its name before it is in force. So only those below the one in force
/// are obsolete. One that a crash left above it is below the next: the first step after a recovery begins a manifest above every file there is.</para>
/// <para>Other people's files, LOCK, CURRENT and CURRENT.tmp (which the next new manifest replaces) are never touched.</para>
/// <para>Deleting needs no sync: a file that a crash brings back is found again by the next look.</para>
/// </remarks>
internal static class ObsoleteFiles
{
    /// <summary>The names, among <paramref name="names"/>, of files that may be deleted.</summary>
    /// <param name="names">The entries of the directory.</param>
    /// <param name="liveTables">The numbers of the tables of every version that can still be reached, the current one included.</param>
    /// <param name="logNumber">Logs with lower numbers are obsolete.</param>
    /// <param name="manifestNumber">The manifest in force; those with lower numbers are obsolete.</param>
    /// <param name="pendingFloor">Files with this number or a higher one may be in the making: the lowest <see cref="FileNumbers.Upcoming"/> at the start of a running job, or the present one.</param>
    public static IReadOnlyList<string> Find(
        IReadOnlyList<string> names, IReadOnlySet<ulong> liveTables, ulong logNumber, ulong manifestNumber, ulong pendingFloor)
    {
        var obsolete = new List<string>();
        foreach (var name in names)
        {
            if (!FileNames.TryParse(name, out var kind, out var number) || number >= pendingFloor)
            {
                continue;
            }

            var isObsolete = kind switch
            {
                FileKind.Table => !liveTables.Contains(number),
                FileKind.Log => number < logNumber,
                FileKind.Manifest => number < manifestNumber,
                _ => false,
            };
            if (isObsolete)
            {
                obsolete.Add(name);
            }
        }

        return obsolete;
    }

    /// <summary>Deletes the files, going on after one that cannot be deleted: it is found again by the next look.</summary>
    /// <returns>Those that are gone, and the first error, if any.</returns>
    public static (IReadOnlyList<string> Deleted, IOException? FirstError) Delete(IFileSystem files, string directory, IReadOnlyList<string> names)
    {
        var deleted = new List<string>(names.Count);
        IOException? firstError = null;
        foreach (var name in names)
        {
            try
            {
                files.Delete(Path.Combine(directory, name));
                deleted.Add(name);
            }
            catch (IOException error)
            {
                firstError ??= error;
            }
        }

        return (deleted, firstError);
    }
}
