using LsmTree.Cli;
using LsmTree.Data;
using LsmTree.Extensions.DependencyInjection;
using LsmTree.Storage;

namespace LsmTree.Architecture.Tests;

/// <summary>Where the repository is, and what its source is made of.</summary>
internal static class Repository
{
    /// <summary>The directory that holds LsmTree.sln.</summary>
    public static readonly string Root = FindRoot(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException($"No directory above {AppContext.BaseDirectory} holds LsmTree.sln; run the tests from a checkout.");

    /// <summary>The built assembly of each project under src that has floors, by project name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Assemblies = new Dictionary<string, string>
    {
        ["LsmTree.Storage"] = typeof(LsmStore).Assembly.Location,
        ["LsmTree.Data"] = typeof(LsmException).Assembly.Location,
        ["LsmTree.Cli"] = typeof(Program).Assembly.Location,
    };

    /// <summary>The built assembly of each library that users reference, by project name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Libraries = new Dictionary<string, string>
    {
        ["LsmTree.Storage"] = typeof(LsmStore).Assembly.Location,
        ["LsmTree.Data"] = typeof(LsmException).Assembly.Location,
        ["LsmTree.Extensions.DependencyInjection"] = typeof(LsmServiceCollectionExtensions).Assembly.Location,
    };

    /// <summary>Every C# file under the given folders of the repository that somebody wrote by hand.</summary>
    public static IEnumerable<SourceFile> SourceFiles(params string[] folders)
    {
        foreach (var folder in folders)
        {
            var directory = Path.Combine(Root, folder);
            if (!Directory.Exists(directory))
            {
                continue;
            }

            foreach (var path in Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var relative = Path.GetRelativePath(Root, path).Replace('\\', '/');
                if (!relative.Contains("/Generated/", StringComparison.Ordinal) && !relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal))
                {
                    yield return new SourceFile(relative, File.ReadAllLines(path));
                }
            }
        }
    }

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string? FindRoot(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return directory.FullName;
            }
        }

        return null;
    }
}
