namespace LsmTree.Storage.Tests.Support;

/// <summary>What a crash leaves of that which no fsync has covered. What one has covered stays, always.</summary>
internal abstract record CrashProfile
{
    /// <summary>The process died, the machine did not: everything that reached the file system is there.</summary>
    public static CrashProfile ProcessDeath { get; } = new KeepEverything();

    /// <summary>The power failed before anything more reached the disk: only synced bytes, under synced names.</summary>
    public static CrashProfile PowerCut { get; } = new LoseUnsynced();

    /// <summary>The power failed while files were growing: all names, and of each file's unsynced bytes the first so many.</summary>
    public static CrashProfile TornAfter(long unsyncedBytes) => new KeepSome(unsyncedBytes);

    /// <summary>The power failed anywhere: each unsynced name change and each unsynced sector of 512 bytes is there or not, by the throw of a seeded die.</summary>
    public static CrashProfile RandomSectors(int seed) => new KeepRandomly(seed);

    internal sealed record KeepEverything : CrashProfile;

    internal sealed record LoseUnsynced : CrashProfile;

    internal sealed record KeepSome(long UnsyncedBytes) : CrashProfile;

    internal sealed record KeepRandomly(int Seed) : CrashProfile;
}
