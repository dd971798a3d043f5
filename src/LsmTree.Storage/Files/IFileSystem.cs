namespace LsmTree.Storage.Files;

/// <summary>The disk, and nothing but the disk: every byte that the engine reads or writes passes here.</summary>
/// <remarks>
/// Implementations: <c>DiskFileSystem</c>, <c>MemoryFileSystem</c>, and the simulated and faulty ones of the tests. All are thread-safe.
/// Names that are absent throw <see cref="FileNotFoundException"/> or <see cref="DirectoryNotFoundException"/>; a full disk throws
/// <see cref="StoreFullException"/>; whatever else the operating system refuses is an <see cref="IOException"/> with path and error number. Two kinds of
/// those have types of their own, because more or less is in doubt after them: <see cref="FileNotOpenedException"/>, <see cref="DirectoryNotSyncedException"/>.
/// Nothing is retried but EINTR, and no error is swallowed.
/// </remarks>
internal interface IFileSystem
{
    /// <summary>The full path with symbolic links resolved; equal for two spellings of one directory. The path need not exist.</summary>
    string Canonicalize(string path);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>Creates the directory and its missing ancestors, and makes the new entries durable. No error when it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (not paths) of the entries of a directory, sorted ordinally.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Opens a regular file for positional reads. A symbolic link, directory, pipe or device is refused with an <see cref="IOException"/>.</summary>
    IReadFile OpenRead(string path);

    /// <summary>Creates a file that must not exist, for appending. The new name is durable only after <see cref="SyncDirectory"/>.</summary>
    /// <exception cref="FileNotOpenedException">Nothing was created, or nothing is left of it but a name that leads to nothing.</exception>
    IAppendFile CreateAppend(string path, AppendSettings settings);

    /// <summary>Renames within one directory, replacing the target atomically. Durable only after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file. No error when it is absent.</summary>
    void Delete(string path);

    /// <summary>fsync of the directory: creations, renames and deletions in it are durable afterwards.</summary>
    /// <exception cref="FileNotOpenedException">The directory could not be opened for it: no fsync was tried.</exception>
    /// <exception cref="DirectoryNotSyncedException">The fsync failed.</exception>
    void SyncDirectory(string directory);

    /// <summary>Creates a second name for a file. False when the file system cannot (another volume, no links): copy instead.</summary>
    bool TryHardLink(string existing, string link);

    /// <summary>Takes the exclusive lock of a directory by locking <paramref name="path"/>, and writes <paramref name="holder"/> into it.</summary>
    /// <exception cref="StoreLockedException">Somebody holds it; the message says who.</exception>
    IDisposable Lock(string path, string holder);

    /// <summary>Free bytes that this process may use on the volume of <paramref name="directory"/>.</summary>
    long FreeBytes(string directory);
}
