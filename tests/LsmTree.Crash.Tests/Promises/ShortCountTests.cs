using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>A kernel that reads or writes fewer bytes than it was asked to, and calls that a success: the rest is asked for again.</summary>
public sealed class ShortCountTests
{
    private const int PageBytes = 4 << 10;
    private const int VolumeBytes = 1 << 20;

    /// <summary>A volume takes what fits of a write, and refuses only the next: a file must have all of an append, or none of it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(32 << 10)]
    public void Of_an_append_that_fits_in_part_nothing_stays(int bufferBytes)
    {
        using var volume = SmallVolume.TryMount(VolumeBytes >> 20, out var reason);
        Assert.SkipWhen(volume is null, reason);

        var disk = new DiskFileSystem();
        var path = Path.Combine(volume.Path, "file");
        var shorts = 0;
        for (var piece = 512; piece <= 64 << 10; piece += 1_536)
        {
            var content = new MemoryStream();
            using (var file = disk.CreateAppend(path, new AppendSettings { BufferBytes = bufferBytes }))
            {
                while (TryAppend(file, content, piece))
                {
                    Assert.Equal(content.Length, file.Position);
                }

                Assert.Equal(content.Length, file.Position);
            }

            // What a buffer still holds has not been promised to anybody.
            var bytes = File.ReadAllBytes(path);
            shorts += VolumeBytes - bytes.Length >= PageBytes ? 1 : 0; // a page and more was free, and some of what was refused had gone there
            Assert.True(bytes.Length <= content.Length, $"pieces of {piece} bytes: a part of an append that was refused is there");
            Assert.True(bytes.AsSpan().SequenceEqual(content.ToArray().AsSpan(0, bytes.Length)), $"pieces of {piece} bytes: the file has other bytes than were appended");
            Assert.True(bufferBytes > 0 ? bytes.Length > content.Length - bufferBytes - piece : bytes.Length == content.Length, $"pieces of {piece} bytes: {bytes.Length} bytes are there of {content.Length}");
            File.Delete(path);
        }

        Assert.True(shorts > 10, $"only {shorts} writes fitted in part");
    }

    /// <summary>The files that the kernel makes up for reading are regular ones, and give a page at most to each call.</summary>
    [Fact]
    public void A_read_that_is_cut_short_goes_on()
    {
        const string Symbols = "/proc/kallsyms";
        Assert.SkipUnless(File.Exists(Symbols), "this kernel does not list its symbols");
        using var raw = File.OpenHandle(Symbols);
        var once = RandomAccess.Read(raw, new byte[16 * PageBytes], 0);
        Assert.SkipUnless(once is > 0 and < 16 * PageBytes, $"this kernel gives {once} bytes at once");

        using var file = new DiskFileSystem().OpenRead(Symbols);
        var bytes = new byte[16 * PageBytes];
        Assert.Equal(bytes.Length, file.Read(0, bytes));

        using var stream = File.OpenRead(Symbols);
        var expected = new byte[bytes.Length];
        stream.ReadExactly(expected);
        Assert.Equal(expected, bytes);
    }

    private static bool TryAppend(IAppendFile file, MemoryStream content, int piece)
    {
        var bytes = new byte[piece];
        Array.Fill(bytes, (byte)(1 + (content.Length % 251)));
        try
        {
            file.Append(bytes.AsSpan(0, piece / 3), bytes.AsSpan(piece / 3));
        }
        catch (StoreFullException)
        {
            return false;
        }

        content.Write(bytes);
        return true;
    }
}
