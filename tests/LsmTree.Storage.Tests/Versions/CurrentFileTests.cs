using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class CurrentFileTests
{
    private const string Directory = "/store";
    private readonly MemoryFileSystem _files = new();

    public CurrentFileTests() => _files.CreateDirectory(Directory);

    [Fact]
    public void The_line_is_the_one_of_the_format_page()
    {
        CurrentFile.Prepare(_files, Directory, 7);
        Assert.Equal("MANIFEST-000007 5872ce62\n", Text("CURRENT.tmp"));
        Assert.False(_files.FileExists("/store/CURRENT"));
        CurrentFile.Switch(_files, Directory);
        Assert.Equal("MANIFEST-000007 5872ce62\n", Text("CURRENT"));
        Assert.False(_files.FileExists("/store/CURRENT.tmp"));
        Assert.Equal(7UL, CurrentFile.Read(_files, Directory));
    }

    [Fact]
    public void What_a_crash_left_in_the_temporary_file_is_replaced()
    {
        Write("CURRENT.tmp", "MANIFEST-0000"u8);
        CurrentFile.Prepare(_files, Directory, 12345678);
        CurrentFile.Switch(_files, Directory);
        Assert.Equal(12345678UL, CurrentFile.Read(_files, Directory));
    }

    [Fact]
    public void Every_flipped_bit_and_every_truncation_is_damage()
    {
        CurrentFile.Prepare(_files, Directory, 7);
        CurrentFile.Switch(_files, Directory);
        var good = Encoding.ASCII.GetBytes(Text("CURRENT"));
        for (var position = 0; position < good.Length; position++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bad = good.ToArray();
                bad[position] ^= (byte)(1 << bit);
                AssertDamaged(bad);
            }

            AssertDamaged(good.AsSpan(0, position));
        }

        AssertDamaged([.. good, .. "\n"u8]);
        AssertDamaged([.. good, .. good]);
        AssertDamaged(new byte[1 << 20]);
    }

    [Theory]
    [InlineData("../MANIFEST-000007 5872ce62\n")]
    [InlineData("MANIFEST-7 5872ce62\n")]
    [InlineData("MANIFEST-000007 5872CE62\n")]
    [InlineData("MANIFEST-000007\n")]
    [InlineData("000007.sst 5872ce62\n")]
    public void Only_the_name_of_a_manifest_is_accepted(string line) => AssertDamaged(Encoding.ASCII.GetBytes(line));

    private void AssertDamaged(ReadOnlySpan<byte> content)
    {
        Write("CURRENT", content);
        var error = Assert.Throws<CorruptionException>(() => CurrentFile.Read(_files, Directory));
        Assert.Equal("/store/CURRENT", error.File);
    }

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        _files.Delete($"/store/{name}");
        using var file = _files.CreateAppend($"/store/{name}", new AppendSettings(Mapped: false));
        file.Append(content);
        file.Finish();
    }

    private string Text(string name)
    {
        using var file = _files.OpenRead($"/store/{name}");
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
