using System.IO.Hashing;

namespace LsmTree.Storage.Blocks;

/// <summary>Binds bytes to the place where they belong: a hash of the bytes, xor a hash of (store id, file number, offset).</summary>
/// <param name="FileSeed">Mixed once per file from store id and file number.</param>
internal readonly record struct BlockChecksum(ulong FileSeed)
{
    public static BlockChecksum ForFile(ulong storeId, ulong fileNumber) => new(Mix(Mix(storeId) + fileNumber));

    /// <summary>The checksum of <paramref name="bytes"/> when they begin at <paramref name="offset"/> of the file.</summary>
    public ulong Compute(ReadOnlySpan<byte> bytes, long offset) => XxHash3.HashToUInt64(bytes) ^ Mix(FileSeed + (ulong)offset);

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every bit of the input changes half of the output.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
