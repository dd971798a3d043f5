namespace LsmTree.Storage.Files;

/// <summary>
/// An fsync of a directory was tried and failed. Any name that was created, renamed or deleted in it since the last one that succeeded may be lost,
/// whoever did it; and another fsync that succeeds would prove nothing.
/// </summary>
/// <param name="cause">What the operating system said.</param>
internal sealed class DirectoryNotSyncedException(Exception cause) : IOException(cause.Message, cause)
{
    /// <summary>The number of the error.</summary>
    public int Cause => InnerException!.HResult;
}
