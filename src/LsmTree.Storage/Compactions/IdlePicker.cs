using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>Decides what to compact while nobody writes, so that obsolete data give their space back without being asked. Pure.</summary>
/// <remarks>
/// <see cref="CompactionPicker"/> lets the levels above the last hold a tenth of it, because under writes less would cost more than it saves. Once
/// writing has paused, what these levels hold is pushed down until they hold hardly anything. How much of it is obsolete nobody can know without
/// reading it; but the work is done once for what was written, and never again until more is.
/// </remarks>
internal static class IdlePicker
{
    /// <summary>The part of the deepest level in use that may stay above it: a thirty-second.</summary>
    private const int SlackShare = 32;

    /// <summary>Bytes of table files, logs and memtables above the deepest level that are not worth any work.</summary>
    public static long SlackBytes(Version version, LevelSettings settings) =>
        Math.Max(settings.BaseLevelBytes / 8, version.Bytes(Deepest(version)) / SlackShare);

    /// <summary>The next step down, or null when little enough is left above, or the step conflicts with a running plan.</summary>
    public static CompactionPlan? Pick(Version version, LevelSettings settings, IReadOnlyCollection<CompactionPlan> running)
    {
        var deepest = Deepest(version);
        long above = 0;
        var first = deepest;
        for (var level = deepest - 1; level >= 0; level--)
        {
            above += version.Bytes(level);
            first = version.Count(level) > 0 ? level : first;
        }

        if (deepest == 0)
        {
            above = version.Bytes(0);
        }

        if (above <= SlackBytes(version, settings))
        {
            return null;
        }

        var plan = first == 0
            ? InputSelection.FromLevel0(version, settings, 0, CompactionReason.Idle)
            : InputSelection.IntoBelow(version, settings, first, [version.Level(first)[0]], first + 1, CompactionReason.Idle);
        return running.Any(plan.ConflictsWith) ? null : plan;
    }

    private static int Deepest(Version version)
    {
        var deepest = Version.LastLevel;
        while (deepest > 0 && version.Count(deepest) == 0)
        {
            deepest--;
        }

        return deepest;
    }
}
