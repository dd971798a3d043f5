using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>How large each level may be, computed up from the largest one, after RocksDB's level_compaction_dynamic_level_bytes.</summary>
/// <remarks>
/// <para>The last level holds about nine tenths of the data, whatever their amount, so that obsolete versions above it add a tenth at most. Levels
/// that are not needed yet stay empty: level 0 is compacted straight into the base level.</para>
/// <code>
///   last level holds     base level   targets (base 64 MiB, multiplier 10)
///   0 … 64 MiB           6            L6: unbounded
///   640 MiB              5            L5: 64 MiB                 L6: unbounded
///   20 GiB               3            L3: 64 MiB  L4: 205 MiB  L5: 2 GiB  L6: unbounded
/// </code>
/// <para>Invariant: no level above the base level, except level 0, holds a table, so that compacting level 0 into it jumps over nothing.</para>
/// </remarks>
internal readonly struct LevelTargets
{
    private readonly long _baseBytes;
    private readonly LevelSettings _settings;

    private LevelTargets(int baseLevel, long baseBytes, LevelSettings settings)
    {
        BaseLevel = baseLevel;
        _baseBytes = baseBytes;
        _settings = settings;
    }

    /// <summary>The level into which level 0 is compacted: 1 to 6.</summary>
    public int BaseLevel { get; }

    public static LevelTargets For(Version version, LevelSettings settings)
    {
        var firstUsed = Version.LastLevel;
        long largest = 0;
        for (var level = Version.LastLevel; level >= 1; level--)
        {
            if (version.Count(level) > 0)
            {
                firstUsed = level;
                largest = Math.Max(largest, version.Bytes(level));
            }
        }

        // What the first used level would hold if the last one held the most; more than the base size calls for another level above.
        var bytes = largest;
        for (var level = Version.LastLevel; level > firstUsed; level--)
        {
            bytes /= settings.LevelMultiplier;
        }

        var baseLevel = firstUsed;
        while (baseLevel > 1 && bytes > settings.BaseLevelBytes)
        {
            bytes /= settings.LevelMultiplier;
            baseLevel--;
        }

        return new LevelTargets(baseLevel, bytes, settings);
    }

    /// <summary>The size above which a level is compacted, in bytes: 0 for levels that stay empty and for level 0, which counts tables.</summary>
    public long TargetBytes(int level)
    {
        if (level < BaseLevel)
        {
            return 0;
        }

        if (level == Version.LastLevel)
        {
            return long.MaxValue;
        }

        double bytes = _baseBytes;
        for (var below = BaseLevel; below < level; below++)
        {
            bytes *= _settings.LevelMultiplier;
        }

        // No level is emptied below the base size: levels of a few tables would only add steps on the way down.
        return (long)Math.Min(Math.Max(bytes, _settings.BaseLevelBytes), long.MaxValue / 2);
    }

    /// <summary>How full a level is; from 1 on it is due.</summary>
    public double Score(Version version, int level) => level == 0
        ? (double)version.Count(0) / _settings.Level0Trigger
        : level < BaseLevel ? 0 : (double)version.Bytes(level) / TargetBytes(level);
}
