using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Compactions;

/// <summary>The shape of the tree.</summary>
/// <param name="Level0Trigger">Tables on level 0 that make it due. Default: 4, as in LevelDB, RocksDB and Pebble.</param>
/// <param name="BaseLevelBytes">The size below which a level under level 0 is not emptied. Default: 64 MiB, as in Pebble (RocksDB has 256 MiB).</param>
/// <param name="LevelMultiplier">How much larger each level is than the one above it. Default: 10, as in all three.</param>
/// <param name="TableBytes">The size at which a compaction begins its next table. Default: 32 MiB.</param>
/// <param name="FiltersOnLastLevel">Whether compactions write filters into tables of the last level. Default: yes.</param>
/// <param name="CompressionPerLevel">How blocks of new tables of each level are compressed; the last element holds for deeper levels. Default: null, as tables are in general.</param>
internal readonly record struct LevelSettings(
    int Level0Trigger = 4,
    long BaseLevelBytes = 64L << 20,
    int LevelMultiplier = 10,
    long TableBytes = 32L << 20,
    bool FiltersOnLastLevel = true,
    IReadOnlyList<Compression>? CompressionPerLevel = null)
{
    /// <summary>The defaults of all parameters.</summary>
    public static LevelSettings Default => new(4);

    /// <summary>
    /// Bytes of the level below the output that one output table may overlap: 10 tables, as in LevelDB. It bounds what the compaction of that
    /// table will have to rewrite one day.
    /// </summary>
    public long MaxGrandparentOverlapBytes => Saturated(TableBytes, 10);

    /// <summary>Bytes up to which more inputs are taken along because they cost no further output table: 25 tables, as in LevelDB.</summary>
    public long MaxExpansionBytes => Saturated(TableBytes, 25);

    /// <summary>How new tables of a level are written, given how tables are written in general.</summary>
    public TableSettings TablesOf(int level, TableSettings settings) => settings with
    {
        BloomBitsPerKey = level == Versions.Version.LastLevel && !FiltersOnLastLevel ? 0 : settings.BloomBitsPerKey,
        Compression = CompressionPerLevel is { Count: > 0 } levels ? levels[Math.Min(level, levels.Count - 1)] : settings.Compression,
    };

    private static long Saturated(long bytes, int times) => bytes > long.MaxValue / times ? long.MaxValue : bytes * times;
}
