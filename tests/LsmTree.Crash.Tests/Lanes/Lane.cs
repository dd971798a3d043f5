namespace LsmTree.Crash.Tests.Lanes;

/// <summary>How long proving may take.</summary>
internal enum Lane
{
    /// <summary>Seconds: what a developer runs with the other tests.</summary>
    Smoke,

    /// <summary>Minutes: what <c>.ci/run</c> does.</summary>
    CI,

    /// <summary>Hours: until the time is up, each part for its share of it.</summary>
    Long,
}
