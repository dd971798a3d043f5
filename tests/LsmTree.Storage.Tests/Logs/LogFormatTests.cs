using System.Text;
using System.Text.RegularExpressions;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Logs;

public sealed partial class LogFormatTests
{
    [Fact]
    public void The_example_of_the_documentation_is_what_is_written()
    {
        var written = LogTestFile.Bytes(static writer =>
        {
            writer.Append(LogRecordType.Batch, 100, 2, "hello"u8);
            writer.Close();
        });
        var offset = 0;
        var seen = new StringBuilder();
        foreach (Match line in HexLine().Matches(Repository.ReadText("docs/formats/log.md")))
        {
            var bytes = Convert.FromHexString(line.Groups["bytes"].Value.Replace(" ", "", StringComparison.Ordinal));
            Assert.Equal($"{offset:x4}", line.Groups["offset"].Value);
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(written.AsSpan(offset, bytes.Length)));
            offset += bytes.Length;
            seen.AppendLine(line.Value);
        }

        Assert.True(offset == written.Length, $"the example has {offset} bytes, the log {written.Length}:\n{seen}");
    }

    [Fact]
    public void The_example_can_be_read()
    {
        var bytes = LogTestFile.Bytes(static writer => writer.Append(LogRecordType.Batch, 100, 2, "hello"u8));
        var files = new FaultyFileSystem();
        FileContents.Write(files, LogTestFile.Path, bytes);
        using var reader = LogReader.Open(files, LogTestFile.Path);
        Assert.Equal(new LogHeader(1, LogTestFile.Identity, LogTestFile.Predecessor), reader.Header);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal("hello"u8, record.Payload);
        Assert.Equal(101UL, reader.LastSequence);
    }

    [GeneratedRegex(@"^(?<offset>[0-9a-f]{4})  (?<bytes>[0-9a-f]{2}( [0-9a-f]{2})*)", RegexOptions.Multiline)]
    private static partial Regex HexLine();
}
