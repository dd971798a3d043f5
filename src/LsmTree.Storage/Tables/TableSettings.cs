using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Tables;

/// <summary>How new tables are written. A table says for itself how it is to be read.</summary>
/// <param name="BlockBytes">Bytes of entries in a block, 64 B to 16 MiB; a larger entry gets a block of its own. Default: 4 KiB, as LevelDB's block_size.</param>
/// <param name="RestartInterval">Entries from one whole key to the next, 1 to 256. Default: 8, where a look-up walks four entries; with 4 it walks two and tables are 2 % larger, with 16, as in LevelDB, 1 % smaller.</param>
/// <param name="BloomBitsPerKey">Bits of filter for each distinct user key, 0 (no filter) to 32. Default: 10, as LevelDB advises: about 1 in 100 absent keys gets through.</param>
/// <param name="Compression">How blocks of entries are stored. Default: as they are.</param>
internal sealed record TableSettings(
    int BlockBytes = 4096,
    int RestartInterval = 8,
    int BloomBitsPerKey = 10,
    Compression Compression = Compression.None)
{
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockBytes, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockBytes, BlockFormat.MaxDecompressedBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(RestartInterval, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RestartInterval, BlockFormat.MaxRestartInterval);
        ArgumentOutOfRangeException.ThrowIfNegative(BloomBitsPerKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BloomBitsPerKey, 32);
    }
}
