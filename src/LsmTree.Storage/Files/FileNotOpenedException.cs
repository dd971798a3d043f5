namespace LsmTree.Storage.Files;

/// <summary>The operating system refused to create or open a file or directory: too many open files, no permission. Nothing was done, so nothing is in doubt, and the same may succeed later.</summary>
/// <param name="cause">What the operating system said.</param>
internal sealed class FileNotOpenedException(IOException cause) : IOException(cause.Message, cause)
{
    /// <summary>The number of the error, or what the base library has in its place.</summary>
    public int Cause => InnerException!.HResult;

    /// <summary>Whether it passes by itself: no more handles, no memory. Otherwise somebody has to look.</summary>
    public bool IsExhaustion => DiskError.IsExhausted(Cause);
}
