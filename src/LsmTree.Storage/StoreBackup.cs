using LsmTree.Storage.Backups;
using LsmTree.Storage.Files;

namespace LsmTree.Storage;

/// <summary>Backups of stores in a directory of their own. Backups share the table files that have not changed between them.</summary>
/// <remarks>
/// <para>A backup copies bytes and makes no links, so that the directory may lie on another disk, and damage to the store does not reach it. Every
/// copied byte is checked against the checksum that its writer computed: what is damaged is refused, not carried on.</para>
/// <para>A crash at any moment leaves every earlier backup as it was; what is left of the interrupted one is removed by the next.
/// One process at a time may change a backup directory; listing, verifying and restoring change nothing, and must not run beside a deletion.</para>
/// </remarks>
public static class StoreBackup
{
    /// <summary>Makes a backup of everything committed before the call.</summary>
    /// <param name="store">The store; it stays in use meanwhile.</param>
    /// <param name="directory">The backup directory; created when it is absent.</param>
    /// <param name="cancellationToken">Ends the work between two pieces of a file; no backup was made then.</param>
    /// <exception cref="CorruptionException">A table of the store is damaged. No backup was made.</exception>
    /// <exception cref="StoreLockedException">Somebody else changes the backup directory.</exception>
    /// <exception cref="StoreFormatException">The directory is a store, or holds backups of a newer format.</exception>
    public static BackupInfo Create(LsmStore store, string directory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var image = store.TakeImage(cancellationToken);
        return On(directory).Create(image, store.Directory, store.Options.Time.GetUtcNow(), cancellationToken);
    }

    /// <summary>The backups of a directory, oldest first. One whose record is damaged is listed with its <see cref="BackupInfo.Damage"/>.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <exception cref="IOException">The directory does not exist.</exception>
    public static IReadOnlyList<BackupInfo> List(string directory) => On(directory).List();

    /// <summary>Reads every byte of a backup, or of all, and checks it: records, files, blocks, checksums. Names every damaged place.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <param name="id">The backup; null for all.</param>
    /// <param name="cancellationToken">Ends the work between two files.</param>
    /// <exception cref="ArgumentException">There is no such backup.</exception>
    public static VerificationReport Verify(string directory, long? id = null, CancellationToken cancellationToken = default) => On(directory).Verify(id, cancellationToken);

    /// <summary>Makes a store of a backup, checking every byte on the way. One that was cut short is begun anew by the next call.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <param name="target">A directory that is absent or empty, or the unfinished target of a restore that was cut short (it holds a file RESTORING): that is cleared first.</param>
    /// <param name="id">The backup; null for the newest.</param>
    /// <param name="cancellationToken">Ends the work between two pieces of a file.</param>
    /// <returns>The backup that was restored.</returns>
    /// <exception cref="CorruptionException">The backup is damaged. What had been written to the target was removed.</exception>
    /// <exception cref="ArgumentException">There is no such backup.</exception>
    /// <exception cref="IOException">The target is not empty.</exception>
    /// <exception cref="StoreLockedException">Another restore to the target is going on.</exception>
    public static BackupInfo Restore(string directory, string target, long? id = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        return On(directory).Restore(target, id, cancellationToken);
    }

    /// <summary>Deletes a backup, and the files that no other backup needs.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <param name="id">The backup.</param>
    /// <exception cref="ArgumentException">There is no such backup.</exception>
    public static void Delete(string directory, long id) => On(directory).Delete([id]);

    /// <summary>Deletes all backups but the newest, and the files that only they needed.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <param name="count">How many stay, from 1. Backups with a damaged record are deleted and not counted, except when no sound one would be left.</param>
    /// <returns>The backups that were deleted.</returns>
    public static IReadOnlyList<long> KeepNewest(string directory, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return On(directory).KeepNewest(count);
    }

    private static BackupDirectory On(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var files = new DiskFileSystem();
        return new BackupDirectory(files, files.Canonicalize(directory), OptionsSplit.Holder(TimeProvider.System));
    }
}
