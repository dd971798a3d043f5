using LsmTree.Storage.Blocks;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Compressed blocks, bombs among them.</summary>
internal sealed class CodecTarget() : FuzzTarget("codec", 500)
{
    public override long MostBytes => BlockFormat.MaxDecompressedBytes + (1 << 20);

    public override int Execute(ref Dice dice)
    {
        var bytes = Mutation.Of(Corpus.Compressed[dice.Below(Corpus.Compressed.Count)], ref dice);
        if (BlockCodec.TryReadSize(bytes, out var size, out var headerBytes))
        {
            if (size > (long)bytes.Length * BlockFormat.MaxCompressionRatio || size > BlockFormat.MaxDecompressedBytes)
            {
                throw new FuzzException($"{bytes.Length} bytes may become {size}");
            }

            BlockCodec.TryDecompress(Storage.Compression.Brotli, bytes.AsSpan(headerBytes), new byte[size]);
        }

        return 1;
    }
}
