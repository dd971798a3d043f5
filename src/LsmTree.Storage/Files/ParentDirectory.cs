namespace LsmTree.Storage.Files;

/// <summary>The name of a directory itself, which is an entry of its parent.</summary>
internal static class ParentDirectory
{
    /// <summary>
    /// Makes the name of <paramref name="directory"/> durable. That it exists says nothing: the application may have made it a moment ago, or a process that died
    /// before it could sync it. A parent that this process may not open, or that knows no fsync (the read-only image that a volume is mounted on), is left to whoever made the directory.
    /// </summary>
    /// <exception cref="IOException">Another error of the fsync.</exception>
    public static void Sync(IFileSystem files, string directory)
    {
        if (Path.GetDirectoryName(directory) is not { Length: > 0 } parent)
        {
            return; // the root has no name
        }

        try
        {
            files.SyncDirectory(parent);
        }
        catch (FileNotOpenedException error) when (DiskError.IsForbidden(error.Cause))
        {
            // Who may only pass through a directory cannot have created an entry in it.
        }
        catch (DirectoryNotSyncedException error) when (DiskError.IsUnsupported(error.Cause) || DiskError.IsForbidden(error.Cause))
        {
            // Nothing was written there that an fsync could make durable.
        }
    }
}
