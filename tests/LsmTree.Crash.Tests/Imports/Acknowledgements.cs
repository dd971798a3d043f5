using System.Globalization;
using System.Text;

namespace LsmTree.Crash.Tests.Imports;

/// <summary>What an import has said about its commits, in a file outside the store.</summary>
internal sealed class Acknowledgements(string path)
{
    public string Path => path;

    /// <summary>Transactions whose commit has returned. Each must have held <paramref name="batch"/> rows, the last of <paramref name="rows"/> the rest.</summary>
    public int Count(int batch, int rows)
    {
        var lines = Text().Split('\n')[..^1];
        for (var i = 0; i < lines.Length; i++)
        {
            var covered = Math.Min((i + 1) * batch, rows);
            var expected = string.Create(CultureInfo.InvariantCulture, $"{covered + 1}\t{covered - (i * batch)}\t{covered}");
            Assert.Equal(expected, lines[i]);
        }

        return lines.Length;
    }

    public int Count() => Text().Count(static character => character == '\n');

    private string Text()
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd();
    }
}
