using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Files;

/// <summary>The next piece of a mapped file, made ahead of the append that needs it.</summary>
public sealed class MappedGrowthTests : IDisposable
{
    private const int Kibibyte = 1 << 10;

    private readonly TemporaryDirectory _directory = new();
    private readonly DiskFileSystem _files = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_that_fits_its_first_piece_gets_no_second()
    {
        using var file = Create(default);
        file.Append(Bytes(64 * Kibibyte, seed: 1));
        Assert.False(file.PrepareGrowth());
        Assert.Equal(64 * Kibibyte, Length);
    }

    [Fact]
    public void A_piece_made_ahead_is_reserved_once_and_then_used()
    {
        using var file = Create(default);
        var first = Bytes(65 * Kibibyte, seed: 2);
        file.Append(first);
        Assert.Equal(192 * Kibibyte, Length);
        Assert.True(file.PrepareGrowth());
        Assert.Equal(448 * Kibibyte, Length);
        Assert.False(file.PrepareGrowth());

        var second = Bytes(300 * Kibibyte, seed: 3);
        file.Append(second.AsSpan(0, 200 * Kibibyte), second.AsSpan(200 * Kibibyte));
        Assert.Equal(448 * Kibibyte, Length);
        file.Finish();
        Assert.Equal([.. first, .. second], FileContents.Read(_files, Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_append_larger_than_the_piece_made_ahead_lands_whole(bool populated)
    {
        using var file = Create(new AppendSettings(Mapped: true, Populated: populated));
        var first = Bytes(100 * Kibibyte, seed: 4);
        file.Append(first);
        Assert.True(file.PrepareGrowth());
        var large = Bytes(1000 * Kibibyte, seed: 5);
        file.Append(large);
        var last = Bytes(100, seed: 6);
        file.Append(last);
        file.Finish();
        Assert.Equal([.. first, .. large, .. last], FileContents.Read(_files, Path));
    }

    [Fact]
    public void What_was_made_ahead_and_not_used_is_cut_off()
    {
        var file = Create(default);
        file.Append(Bytes(65 * Kibibyte, seed: 7));
        Assert.True(file.PrepareGrowth());
        file.Finish();
        Assert.Equal(65 * Kibibyte, Length);
        Assert.False(file.PrepareGrowth());
        Assert.Equal(65 * Kibibyte, Length);
        file.Dispose();
        Assert.False(file.PrepareGrowth());
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1000, 960)]
    [InlineData(int.MaxValue >> 10, 4096)]
    public void The_first_piece_is_as_large_as_asked_up_to_a_growth(int askedKibibytes, int expectedKibibytes)
    {
        using var file = Create(new AppendSettings(Mapped: true, FirstBytes: askedKibibytes * Kibibyte));
        Assert.Equal(expectedKibibytes * Kibibyte, Length);
    }

    [Fact]
    public void Pieces_may_be_made_while_another_thread_appends()
    {
        var file = Create(new AppendSettings(Mapped: true, GrowthBytes: 128 * Kibibyte, Populated: true));
        var isDone = false;
        var prepared = 0;
        var preparer = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                prepared += file.PrepareGrowth() ? 1 : 0;
            }
        });
        preparer.Start();
        var expected = Bytes(4 << 20, seed: 8);
        for (var at = 0; at < expected.Length;)
        {
            var length = Math.Min(1 + (at % 3001), expected.Length - at);
            file.Append(expected.AsSpan(at, length / 2), expected.AsSpan(at + (length / 2), length - (length / 2)));
            at += length;
        }

        file.Finish();
        Volatile.Write(ref isDone, true);
        preparer.Join();
        Assert.False(file.PrepareGrowth());
        file.Dispose();
        Assert.Equal(expected, FileContents.Read(_files, Path));
    }

    private string Path => _directory.File("log");

    private long Length => new FileInfo(Path).Length;

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private MappedAppendFile Create(AppendSettings settings)
    {
        var file = (MappedAppendFile)_files.CreateAppend(Path, settings with { Mapped = true });
        Assert.SkipWhen(file.IsPositional, "this file system cannot reserve space");
        return file;
    }
}
