using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Storage;

/// <summary>A way of compressing blocks that a program brings along, such as LZ4 or Zstandard from a package.</summary>
/// <remarks>
/// <para>A file names the compressor of each block by one byte, so what a number means must be the same for the whole process, and for every program
/// that ever opens the store: choose it once. A program registers its compressors before it opens a store that uses them; a block of one that is not
/// registered is refused by number, file and offset.</para>
/// <para>One object serves all threads at once.</para>
/// </remarks>
public abstract class BlockCompressor
{
    /// <summary>The least <see cref="Id"/>; those below belong to the library.</summary>
    public const byte LeastId = 64;

    private static readonly BlockCompressor?[] s_registered = new BlockCompressor?[byte.MaxValue + 1];

    /// <summary>The number that files hold: 64 to 255.</summary>
    public abstract byte Id { get; }

    /// <summary>What <see cref="LsmStoreOptions.Compression"/> and <see cref="LsmStoreOptions.CompressionPerLevel"/> take.</summary>
    public Compression Compression => (Compression)Id;

    /// <summary>Makes <paramref name="compressor"/> known to the process. Registering another one for the same number is an error.</summary>
    /// <param name="compressor">The compressor.</param>
    /// <exception cref="ArgumentException">Its number is below 64, or taken by another.</exception>
    public static void Register(BlockCompressor compressor)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        if (compressor.Id < LeastId)
        {
            throw new ArgumentException($"The number of a compressor must be from {LeastId} to {byte.MaxValue}, and this one's is {compressor.Id}.", nameof(compressor));
        }

        if (Interlocked.CompareExchange(ref s_registered[compressor.Id], compressor, null) is { } other && !ReferenceEquals(other, compressor))
        {
            throw new ArgumentException($"The number {compressor.Id} is taken by {other.GetType().FullName}.", nameof(compressor));
        }
    }

    /// <summary>Compresses a block.</summary>
    /// <param name="contents">What to compress: 1 byte to 16 MiB.</param>
    /// <param name="destination">Where it goes: an eighth smaller than the contents.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when it does not fit: the block is then stored as it is.</returns>
    public abstract bool TryCompress(ReadOnlySpan<byte> contents, Span<byte> destination, out int written);

    /// <summary>Gets a block back. Must not throw, whatever the bytes are: their checksum was right, but a hostile file has right checksums too.</summary>
    /// <param name="compressed">What <see cref="TryCompress"/> wrote.</param>
    /// <param name="contents">Where it goes; exactly this long.</param>
    /// <returns>False when the bytes do not become contents of that length.</returns>
    public abstract bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> contents);

    internal static bool TryFind(Compression compression, [NotNullWhen(true)] out BlockCompressor? compressor)
    {
        compressor = Volatile.Read(ref s_registered[(byte)compression]);
        return compressor is not null;
    }
}
