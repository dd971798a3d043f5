namespace LsmTree.Storage.Tests.Support;

/// <summary>Files of the repository, for tests that hold the documentation to its word.</summary>
public static class Repository
{
    /// <summary>The directory that holds LsmTree.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static string ReadText(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The tests are not run from within the repository.");
    }
}
