using LsmTree.Storage.Files;

namespace LsmTree.Storage.Backups;

/// <summary>The directory that a restore, a checkpoint or a repair writes a store to, claimed so that a later one can tell what an interrupted one has left.</summary>
/// <remarks>
/// <code>
/// 1  the directory is absent or empty, or holds RESTORING and no CURRENT
/// 2  lock it
/// 3  RESTORING, synced, and the directory synced       from here on everything with the name of a store's file is its own
/// 4  delete what an interrupted one has left
/// 5  tables, manifest, CURRENT                         each synced; CURRENT is the moment at which the store exists
/// 6  delete RESTORING
/// </code>
/// <para>A cut before step 5 has ended leaves RESTORING and no CURRENT: the next restore, checkpoint or repair goes through the same steps, opening is refused with that
/// advice. A cut before step 6 leaves a whole store, in which RESTORING says nothing; the next one refuses it like any other store. A file with a name
/// that no store uses is somebody else's: it is never touched, and nothing is written beside it.</para>
/// </remarks>
internal sealed class CopyTarget : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IDisposable _lock;
    private bool _isComplete;

    private CopyTarget(IFileSystem files, string directory, IDisposable held)
    {
        _files = files;
        Directory = directory;
        _lock = held;
    }

    public string Directory { get; }

    /// <exception cref="IOException">The directory is not empty.</exception>
    /// <exception cref="StoreLockedException">Another is being written to it.</exception>
    public static CopyTarget Claim(IFileSystem files, string directory, string holder)
    {
        ThrowIfTaken(files, directory);
        files.CreateDirectory(directory);
        var held = files.Lock(Path.Combine(directory, FileNames.Lock), holder);
        var target = new CopyTarget(files, directory, held);
        var isClaimed = false;
        try
        {
            // Once more: until the lock was taken another may have been at work.
            var names = files.List(directory);
            ThrowIfTaken(directory, names);
            target.Begin(names);
            isClaimed = true;
            return target;
        }
        finally
        {
            if (!isClaimed)
            {
                held.Dispose();
            }
        }
    }

    /// <summary>Says that the store exists: CURRENT is durable.</summary>
    public void Complete()
    {
        _isComplete = true;
        TableCopy.Remove(_files, PathOf(FileNames.Restoring));
    }

    /// <summary>Gives the directory free; removes everything unless <see cref="Complete"/> was called.</summary>
    public void Dispose()
    {
        try
        {
            if (!_isComplete)
            {
                RemoveAllBut(FileNames.Restoring);
                TableCopy.Remove(_files, PathOf(FileNames.Restoring));
            }
        }
        catch (IOException)
        {
            // The error that ended the work is the one to report; what is left says whose it is.
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Refuses a directory that holds anything but what an interrupted restore, checkpoint or repair has left.</summary>
    /// <exception cref="IOException">The directory is not empty.</exception>
    public static void ThrowIfTaken(IFileSystem files, string directory)
    {
        if (files.DirectoryExists(directory))
        {
            ThrowIfTaken(directory, files.List(directory));
        }
    }

    private static void ThrowIfTaken(string directory, IReadOnlyList<string> names)
    {
        var isUnfinished = names.Contains(FileNames.Restoring) && !names.Contains(FileNames.Current);
        foreach (var name in names)
        {
            // LOCK is left by everybody, also by one that was cut short before it wrote anything.
            var isAllowed = name == FileNames.Lock || (isUnfinished && FileNames.TryParse(name, out _, out _));
            if (!isAllowed)
            {
                throw new IOException($"Nothing was written: {directory} is not empty, it holds {name}. Give a directory that does not exist.");
            }
        }
    }

    private void Begin(IReadOnlyList<string> names)
    {
        if (!names.Contains(FileNames.Restoring))
        {
            using var marker = _files.CreateAppend(PathOf(FileNames.Restoring), new AppendSettings(Mapped: false));
            marker.Sync();
        }

        _files.SyncDirectory(Directory);
        RemoveAllBut(FileNames.Restoring);
    }

    /// <summary>Removes what was written; LOCK stays, for it is held.</summary>
    private void RemoveAllBut(string name)
    {
        foreach (var found in _files.List(Directory))
        {
            if (found != name && found != FileNames.Lock && FileNames.TryParse(found, out _, out _))
            {
                TableCopy.Remove(_files, PathOf(found));
            }
        }
    }

    private string PathOf(string name) => Path.Combine(Directory, name);
}
