using Dapper;

namespace LsmTree.Data.Tests.Packages;

/// <summary>Packages by Dapper, and their comparison row by row.</summary>
internal static class PackageQueries
{
    private const string Columns =
        "package AS Name, version, section, installed_kib AS InstalledKib, size_bytes AS SizeBytes, maintainer, description";

    /// <summary>Rows of the table, by the rest of a SELECT.</summary>
    public static List<Package> Select(this LsmConnection connection, string rest, object? parameters = null) =>
        connection.Query<Package>($"SELECT {Columns} FROM packages {rest}", parameters).AsList();

    public static void AssertSame(IReadOnlyList<Package> expected, IReadOnlyList<Package> actual)
    {
        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            Assert.True(expected[i] == actual[i], $"Row {i} should be {expected[i]} and is {actual[i]}");
        }

        Assert.Equal(expected.Count, actual.Count);
    }
}
