using System.Text;

namespace LsmTree.Storage.Tests.Blocks;

/// <summary>The worked example of a page in docs/formats: what is left of the bars in its block of hex.</summary>
internal static class FormatPage
{
    public static byte[] ReadExample(string page)
    {
        var hex = new StringBuilder();
        var isInside = false;
        foreach (var line in File.ReadLines(Path.Combine(RepositoryRoot(), "docs", "formats", page)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = line == "```hex";
            }
            else if (isInside)
            {
                hex.Append(line.Split('|')[0].Replace(" ", ""));
            }
        }

        return Convert.FromHexString(hex.ToString());
    }

    private static string RepositoryRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No LsmTree.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
