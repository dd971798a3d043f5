using System.Buffers.Binary;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests;

public sealed class BlockCompressorTests
{
    private static readonly RunLength s_runLength = new(101);

    [Fact]
    public void Blocks_of_a_registered_compressor_are_smaller_and_come_back()
    {
        BlockCompressor.Register(s_runLength);
        var files = new MemoryFileSystem();
        var options = new LsmStoreOptions { CompressionPerLevel = [s_runLength.Compression, Compression.Brotli], Background = BackgroundMode.Manual };
        using (var store = LsmStore.OpenOn(files, "/db", null, options))
        {
            Fill(store);
            Assert.InRange(store.GetStatistics().TableBytes, 1, 100_000);
        }

        using (var store = LsmStore.OpenOn(files, "/db", null, options))
        {
            CheckAll(store);
            store.Compact();
            CheckAll(store);
            Assert.True(store.Verify().IsSound);
        }
    }

    [Fact]
    public void Bytes_that_a_compressor_cannot_take_back_are_damage_named_by_number_and_file()
    {
        var vanishing = new RunLength(200);
        BlockCompressor.Register(vanishing);
        var files = new MemoryFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Compression = vanishing.Compression, Background = BackgroundMode.Manual });
        Fill(store);
        var table = files.List("/db").Single(name => name.EndsWith(".sst", StringComparison.Ordinal));
        vanishing.IsForgotten = true;
        var refusal = Assert.Throws<CorruptionException>(() => store.TryGet(Key(7), out byte[]? _));
        Assert.Contains("200", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(table, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_the_library_and_taken_numbers_are_refused()
    {
        BlockCompressor.Register(s_runLength);
        BlockCompressor.Register(s_runLength);
        Assert.Contains("taken", Assert.Throws<ArgumentException>(() => BlockCompressor.Register(new RunLength(101))).Message, StringComparison.Ordinal);
        Assert.Contains("64", Assert.Throws<ArgumentException>(() => BlockCompressor.Register(new RunLength(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LsmStore.OpenInMemory(new LsmStoreOptions { Compression = (Compression)102 }));
    }

    private static void Fill(LsmStore store)
    {
        for (var i = 0; i < 2_000; i++)
        {
            store.Put(Key(i), Value(i));
        }

        store.Flush();
    }

    private static void CheckAll(LsmStore store)
    {
        for (var i = 0; i < 2_000; i++)
        {
            Assert.True(store.TryGet(Key(i), out byte[]? value));
            Assert.Equal(Value(i), value);
        }
    }

    private static byte[] Key(int number)
    {
        var key = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }

    private static byte[] Value(int number) => [.. Enumerable.Repeat((byte)number, 200)];

    /// <summary>Pairs of a count and a byte.</summary>
    private sealed class RunLength(byte id) : BlockCompressor
    {
        public override byte Id => id;

        public bool IsForgotten { get; set; }

        public override bool TryCompress(ReadOnlySpan<byte> contents, Span<byte> destination, out int written)
        {
            written = 0;
            for (var at = 0; at < contents.Length;)
            {
                var run = 1;
                while (run < 255 && at + run < contents.Length && contents[at + run] == contents[at])
                {
                    run++;
                }

                if (written + 2 > destination.Length)
                {
                    return false;
                }

                destination[written++] = (byte)run;
                destination[written++] = contents[at];
                at += run;
            }

            return true;
        }

        public override bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> contents)
        {
            var at = 0;
            for (var i = 0; i + 1 < compressed.Length && !IsForgotten; i += 2)
            {
                if (at + compressed[i] > contents.Length)
                {
                    return false;
                }

                contents.Slice(at, compressed[i]).Fill(compressed[i + 1]);
                at += compressed[i];
            }

            return at == contents.Length;
        }
    }
}
