namespace LsmTree.Storage.Tests.Support;

/// <summary>Files of the repository, for tests that hold the documentation to its word.</summary>
public static class Repository
{
    public static string ReadText(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return File.ReadAllText(Path.Combine(directory.FullName, path));
            }
        }

        throw new InvalidOperationException("The tests are not run from within the repository.");
    }
}
