using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>How far behind compaction is.</summary>
internal static class CompactionDebt
{
    /// <summary>
    /// An estimate of the bytes that compactions must read and rewrite until every level is within its target: what is too much on a level,
    /// times itself and its share of the level below, handed down level by level.
    /// </summary>
    public static long Bytes(Version version, LevelSettings settings)
    {
        var targets = LevelTargets.For(version, settings);
        double debt = 0;
        double handedDown = 0;
        if (version.Count(0) >= settings.Level0Trigger)
        {
            handedDown = version.Bytes(0);
            debt = handedDown + version.Bytes(targets.BaseLevel);
        }

        for (var level = targets.BaseLevel; level < Version.LastLevel; level++)
        {
            var bytes = version.Bytes(level) + handedDown;
            var excess = Math.Max(0, bytes - targets.TargetBytes(level));
            if (excess > 0)
            {
                debt += excess * (1 + version.Bytes(level + 1) / bytes);
            }

            handedDown = excess;
        }

        return (long)debt;
    }
}
