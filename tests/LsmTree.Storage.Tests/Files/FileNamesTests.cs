using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Files;

public sealed class FileNamesTests
{
    [Fact]
    public void Names_have_six_digits_and_more_when_the_number_has_more()
    {
        Assert.Equal("000007.sst", FileNames.Table(7));
        Assert.Equal("1234567.log", FileNames.Log(1234567));
        Assert.Equal("MANIFEST-18446744073709551615", FileNames.Manifest(ulong.MaxValue));
    }

    [Theory]
    [InlineData("000007.sst", FileKind.Table, 7UL)]
    [InlineData("999999.log", FileKind.Log, 999999UL)]
    [InlineData("1000000.log", FileKind.Log, 1000000UL)]
    [InlineData("MANIFEST-000012", FileKind.Manifest, 12UL)]
    [InlineData("18446744073709551615.sst", FileKind.Table, ulong.MaxValue)]
    [InlineData("CURRENT", FileKind.Current, 0UL)]
    [InlineData("CURRENT.tmp", FileKind.CurrentTemporary, 0UL)]
    [InlineData("LOCK", FileKind.Lock, 0UL)]
    [InlineData("RESTORING", FileKind.Restoring, 0UL)]
    internal void TryParse_reads_every_name_that_is_built(string name, FileKind kind, ulong number)
    {
        Assert.True(FileNames.TryParse(name, out var parsedKind, out var parsedNumber));
        Assert.Equal(kind, parsedKind);
        Assert.Equal(number, parsedNumber);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".sst")]
    [InlineData("7.sst")]
    [InlineData("00007.sst")]
    [InlineData("0000007.sst")]
    [InlineData("000007.SST")]
    [InlineData("000007.sst ")]
    [InlineData(" 00007.sst")]
    [InlineData("+00007.sst")]
    [InlineData("-00007.log")]
    [InlineData("00000a.log")]
    [InlineData("000007.log.tail")]
    [InlineData("x000007.sst")]
    [InlineData("18446744073709551616.sst")]
    [InlineData("MANIFEST-")]
    [InlineData("MANIFEST-12")]
    [InlineData("MANIFEST-000012.tmp")]
    [InlineData("manifest-000012")]
    [InlineData("current")]
    [InlineData("CURRENT.tmp2")]
    [InlineData("lost+found")]
    public void TryParse_rejects_everything_else(string name) => Assert.False(FileNames.TryParse(name, out _, out _));
}
