using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LsmTree.Data.Tests.Packages;

/// <summary>
/// The records of samples/packages-sample.tsv.gz, or of the file that the environment variable <c>LSMTREE_PACKAGES</c> names, in key order.
/// </summary>
/// <remarks>A field is taken as it stands, so an empty one is the empty text and not NULL, as <c>lsmtree import</c> reads it.</remarks>
internal static class PackageFile
{
    private const string Header = "package\tversion\tsection\tinstalled_kib\tsize_bytes\tmaintainer\tdescription";

    public static IReadOnlyList<Package> ReadAll()
    {
        var path = Environment.GetEnvironmentVariable("LSMTREE_PACKAGES") ?? Path.Combine(RepositoryRoot(), "samples", "packages-sample.tsv.gz");
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        Assert.Equal(Header, reader.ReadLine());
        var packages = new List<Package>();
        while (reader.ReadLine() is { } line)
        {
            packages.Add(Parse(line));
        }

        packages.Sort(static (left, right) => InKeyOrder(left.Name, right.Name));
        return packages;
    }

    /// <summary>Compares the UTF-8 bytes of two texts, which is the order of TEXT keys.</summary>
    public static int InKeyOrder(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    private static Package Parse(string line)
    {
        var fields = line.Split('\t');
        Assert.True(fields.Length == 7, $"Seven fields are expected in: {line}");
        return new Package(
            fields[0], fields[1], fields[2],
            long.Parse(fields[3], CultureInfo.InvariantCulture), long.Parse(fields[4], CultureInfo.InvariantCulture),
            fields[5], fields[6]);
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

        throw new InvalidOperationException("The tests are not run from within the repository.");
    }
}
