namespace LsmTree.Storage.Versions;

/// <summary>When the manifest starts anew: once it is above both bounds.</summary>
/// <param name="RollBytes">Bytes of the file; below, a snapshot of the version saves nothing worth a new file.</param>
/// <param name="RollFactor">Times the size of the snapshot that it began with, so that a large store does not roll at every edit.</param>
internal readonly record struct ManifestSettings(long RollBytes, int RollFactor)
{
    /// <summary>4 MiB and 4 times the snapshot: replaying that takes some ten milliseconds.</summary>
    public static ManifestSettings Default => new(4L << 20, 4);
}
