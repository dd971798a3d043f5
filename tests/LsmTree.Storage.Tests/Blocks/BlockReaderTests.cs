using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

public sealed class BlockReaderTests
{
    private static readonly BlockChecksum Checksum = BlockChecksum.ForFile(1, 2);

    [Fact]
    public void A_compressed_block_comes_back_as_it_was()
    {
        var contents = Entry.Text(string.Concat(Enumerable.Repeat("the same words again ", 300)));
        using var stored = new ByteBuffer();
        Assert.True(BlockCodec.TryCompress(Compression.Brotli, contents, stored));
        Assert.InRange(stored.Length, 10, contents.Length / 4);
        var array = Read(stored.Written, Compression.Brotli);
        Assert.Equal(contents, array[..^BlockFormat.TrailerBytes]);
    }

    [Fact]
    public void A_block_that_hardly_shrinks_is_not_compressed()
    {
        var noise = new byte[4000];
        new Random(1).NextBytes(noise);
        using var stored = new ByteBuffer();
        Assert.False(BlockCodec.TryCompress(Compression.Brotli, noise, stored));
        Assert.False(BlockCodec.TryCompress(Compression.Brotli, [], stored));
        Assert.False(BlockCodec.TryCompress(Compression.None, new byte[4000], stored));
        Assert.Equal(0, stored.Length);
    }

    [Fact]
    public void A_compressor_that_nobody_registered_is_named_with_file_and_offset()
    {
        var refusal = Assert.Throws<StoreFormatException>(() => Read([1, 2, 3, 4], (Compression)150));
        Assert.Contains("150", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("offset 3", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("BlockCompressor.Register", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_beyond_the_ratio_are_stored_as_they_are()
    {
        using var stored = new ByteBuffer();
        Assert.False(BlockCodec.TryCompress(Compression.Brotli, new byte[BlockFormat.MaxDecompressedBytes], stored));
        Assert.False(BlockCodec.TryCompress(Compression.Brotli, new byte[BlockFormat.MaxDecompressedBytes + 1], stored));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")] // becomes nothing
    [InlineData("FF")] // cut
    [InlineData("05 00 01 02 03")] // no Brotli
    [InlineData("FF FF FF 07  00 00 00 00 00 00 00 00")] // 16 MiB - 1 out of 12 bytes
    [InlineData("81 80 80 08  00 00")] // 16 MiB + 1
    [InlineData("FF FF FF FF 0F  00 00")] // 4 GiB
    public void Compressed_contents_that_lie_are_damage_and_take_no_memory(string hex)
    {
        var stored = BlockFormatTests.Bytes(hex);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var damage = Assert.Throws<CorruptionException>(() => Read(stored, Compression.Brotli));
        Assert.Equal(3, damage.Offset);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200_000);
    }

    [Fact]
    public void A_declared_size_must_be_the_real_one()
    {
        using var stored = new ByteBuffer();
        Assert.True(BlockCodec.TryCompress(Compression.Brotli, new byte[1000], stored));
        var tooMany = stored.Written.ToArray();
        tooMany[0]++;
        Assert.Throws<CorruptionException>(() => Read(tooMany, Compression.Brotli));
        var tooFew = stored.Written.ToArray();
        tooFew[0]--;
        Assert.Throws<CorruptionException>(() => Read(tooFew, Compression.Brotli));
    }

    [Fact]
    public void An_unknown_codec_is_damage() => Assert.Throws<CorruptionException>(() => Read("abc"u8, (Compression)2));

    [Fact]
    public void A_block_from_another_place_store_or_file_is_damage()
    {
        var bytes = Stored("contents"u8, Compression.None, Checksum, 3);
        var handle = new BlockHandle(3, 8);
        Assert.Equal("contents"u8, new BlockReader(new InMemoryFile(bytes), Checksum).Read(handle).AsSpan(0, 8));
        Assert.Throws<CorruptionException>(() => new BlockReader(new InMemoryFile(bytes), BlockChecksum.ForFile(1, 3)).Read(handle));
        Assert.Throws<CorruptionException>(() => new BlockReader(new InMemoryFile(bytes), BlockChecksum.ForFile(2, 2)).Read(handle));
        Assert.Throws<CorruptionException>(() => new BlockReader(new InMemoryFile(Stored("contents"u8, Compression.None, Checksum, 4)), Checksum).Read(handle));
    }

    [Theory]
    [InlineData(3, 9)]
    [InlineData(4, 8)]
    [InlineData(-1, 8)]
    [InlineData(3, -1)]
    [InlineData(3, int.MaxValue)]
    [InlineData(long.MaxValue - 10, 8)]
    public void A_handle_outside_the_file_is_damage(long offset, int size)
    {
        var reader = new BlockReader(new InMemoryFile(Stored("contents"u8, Compression.None, Checksum, 3)), Checksum);
        Assert.Throws<CorruptionException>(() => reader.Read(new BlockHandle(offset, size)));
    }

    private static byte[] Read(ReadOnlySpan<byte> stored, Compression compression) =>
        new BlockReader(new InMemoryFile(Stored(stored, compression, Checksum, 3)), Checksum).Read(new BlockHandle(3, stored.Length));

    /// <summary>Three bytes, then a block whose checksum is right for the offset given.</summary>
    private static byte[] Stored(ReadOnlySpan<byte> contents, Compression compression, BlockChecksum checksum, long offset)
    {
        byte[] covered = [.. contents, (byte)compression];
        return [1, 2, 3, .. covered, .. BitConverter.GetBytes(checksum.Compute(covered, offset))];
    }
}
