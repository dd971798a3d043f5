namespace LsmTree.Crash.Tests.Lanes;

/// <summary>The folder that the proofs are run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The proofs are not run from within the repository.");
    }
}
