using System.IO.Compression;
using System.Text;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Imports;

/// <summary>Real records to import, and files of them in an order and with a mark of their own.</summary>
internal static class PackageRecords
{
    private const int VersionColumn = 1;

    /// <summary>The header and the records of samples/packages-sample.tsv.gz, each cut into its seven fields.</summary>
    public static (string[] Header, string[][] Rows) Read()
    {
        var path = Path.Combine(Repository.Root, "samples", "packages-sample.tsv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), new UTF8Encoding(false, throwOnInvalidBytes: true));
        var header = reader.ReadLine()!.Split('\t');
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(line.Split('\t'));
            Assert.Equal(header.Length, rows[^1].Length);
        }

        return (header, [.. rows]);
    }

    /// <summary>The same records with a version that no other round has, in an order of their own.</summary>
    public static string[][] Of(string[][] rows, int round, Random random)
    {
        var marked = Array.ConvertAll(rows, row =>
        {
            var copy = (string[])row.Clone();
            copy[VersionColumn] += $" round {round}";
            return copy;
        });
        random.Shuffle(marked);
        return marked;
    }

    public static void Write(string path, string[] header, string[][] rows) =>
        File.WriteAllLines(path, rows.Prepend(header).Select(static fields => string.Join('\t', fields)));
}
