using System.IO.Compression;
using System.Numerics;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Blocks;

/// <summary>Compresses the contents of a block and back. Compressed contents are the decompressed size as a varint, then the codec's bytes.</summary>
internal static class BlockCodec
{
    /// <summary>The fastest that still shrinks text: level 1 of 11. Blocks are rewritten at every level of the tree.</summary>
    private const int BrotliQuality = 1;

    /// <summary>
    /// Appends the compressed form of <paramref name="contents"/> to <paramref name="destination"/>, or nothing and false when it does not save an
    /// eighth or is too large to be read back within <see cref="BlockFormat"/>'s limits.
    /// </summary>
    public static bool TryCompress(Compression compression, ReadOnlySpan<byte> contents, ByteBuffer destination)
    {
        if (compression == Compression.None || contents.Length is 0 or > BlockFormat.MaxDecompressedBytes)
        {
            return false;
        }

        var start = destination.Length;
        destination.AppendVarint((ulong)contents.Length);
        var header = destination.Length - start;
        var limit = contents.Length - contents.Length / 8 - header;
        if (limit > 0
            && TryCompress(compression, contents, destination.Reserve(limit)[..limit], out var written)
            && contents.Length <= (long)(header + written) * BlockFormat.MaxCompressionRatio)
        {
            destination.Advance(written);
            return true;
        }

        destination.Truncate(start);
        return false;
    }

    /// <summary>Whether a block's codec byte is one that this library can read.</summary>
    public static bool IsKnown(byte codec) => codec is (byte)Compression.None or (byte)Compression.Brotli || BlockCompressor.TryFind((Compression)codec, out _);

    /// <summary>The decompressed size that <paramref name="stored"/> declares; false when it is not within the limits.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> stored, out int size, out int headerBytes)
    {
        headerBytes = Varint.TryRead32(stored, out var declared);
        size = (int)declared;
        return headerBytes > 0 && declared is > 0 and <= BlockFormat.MaxDecompressedBytes && declared <= (long)stored.Length * BlockFormat.MaxCompressionRatio;
    }

    /// <summary>Fills <paramref name="contents"/> exactly, or gives false.</summary>
    public static bool TryDecompress(Compression compression, ReadOnlySpan<byte> compressed, Span<byte> contents) =>
        compression == Compression.Brotli
            ? BrotliDecoder.TryDecompress(compressed, contents, out var written) && written == contents.Length
            : BlockCompressor.TryFind(compression, out var compressor) && compressor.TryDecompress(compressed, contents);

    private static bool TryCompress(Compression compression, ReadOnlySpan<byte> contents, Span<byte> destination, out int written)
    {
        if (compression != Compression.Brotli)
        {
            written = 0;
            return BlockCompressor.TryFind(compression, out var compressor) && compressor.TryCompress(contents, destination, out written) && (uint)written <= (uint)destination.Length;
        }

        // Brotli's window is 2^10 to 2^24 bytes; a window that just covers the block keeps the encoder's tables small.
        var window = Math.Clamp(BitOperations.Log2((uint)contents.Length) + 1, 10, 24);
        return BrotliEncoder.TryCompress(contents, destination, out written, BrotliQuality, window);
    }
}
