using LsmTree.Cli.Transfers;

namespace LsmTree.Cli.Tests.Transfers;

public sealed class TsvReaderTests : IDisposable
{
    private readonly CommandFixture _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_whole()
    {
        string[] lines = ["a\tb", new string('x', 1_000_000) + "\ty", "", "short\tz", new string('w', 200_000)];
        using var reader = TsvReader.Open(_files.Write("rows.tsv", string.Join('\n', lines)));

        for (var i = 0; i < lines.Length; i++)
        {
            Assert.True(reader.ReadLine());
            Assert.Equal(i + 1, reader.LineNumber);
            Assert.True(reader.TrySplit(out var fields));
            Assert.Equal(lines[i].Split('\t'), fields);
        }

        Assert.False(reader.ReadLine());
    }

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\n\nb\n", "a||b")]
    [InlineData("", "")]
    public void A_line_ends_with_a_line_feed_or_with_the_file(string content, string expected)
    {
        using var reader = TsvReader.Open(_files.Write("rows.tsv", content));
        var lines = new List<string>();
        while (reader.ReadLine())
        {
            lines.Add(System.Text.Encoding.UTF8.GetString(reader.Line));
        }

        Assert.Equal(expected, string.Join('|', lines));
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_fills_the_memory()
    {
        var file = _files.PathOf("zeros.tsv.gz");
        using (var stream = new System.IO.Compression.GZipStream(File.Create(file), System.IO.Compression.CompressionLevel.Fastest))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i <= TsvReader.MaxLineBytes / zeros.Length + 1; i++)
            {
                stream.Write(zeros);
            }
        }

        using var reader = TsvReader.Open(file);
        Assert.Contains("Line 1", Assert.Throws<InvalidDataException>(() => reader.ReadLine()).Message, StringComparison.Ordinal);
    }
}
