namespace LsmTree.Data.Sessions;

/// <summary>One name for each directory, however it is spelled: absolute, symbolic links followed, no separator at the end.</summary>
internal static class StorePath
{
    private const int MostLinks = 40; // Linux gives up there too

    /// <summary>How names of directories compare on this operating system.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <exception cref="LsmException">IoError: no such path can exist, or its links go in circles.</exception>
    public static string Canonical(string path)
    {
        try
        {
            var links = 0;
            return Follow(Path.GetFullPath(path), ref links);
        }
        catch (ArgumentException error)
        {
            throw new LsmException(LsmErrorCode.IoError, $"'{path}' is no path: {error.Message}", inner: error);
        }
        catch (IOException error)
        {
            throw new LsmException(LsmErrorCode.IoError, $"'{path}' cannot be followed: {error.Message}", inner: error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LsmException(LsmErrorCode.IoError, $"'{path}' cannot be followed: {error.Message}", inner: error);
        }
    }

    private static string Follow(string path, ref int links)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        parent = Follow(parent, ref links);
        path = Path.Join(parent, Path.GetFileName(path));
#pragma warning disable RS0030 // Reading a link finds out what a directory is called; the directory itself is read by the engine alone.
        var target = new DirectoryInfo(path).LinkTarget;
#pragma warning restore RS0030
        if (target is null)
        {
            return path;
        }

        return ++links <= MostLinks
            ? Follow(Path.GetFullPath(target, parent), ref links)
            : throw new LsmException(LsmErrorCode.IoError, $"The symbolic links at '{path}' go in circles");
    }
}
