namespace LsmTree.Extensions.DependencyInjection;

/// <summary>What a health check looks at beyond whether the store takes writes.</summary>
public sealed record LsmHealthCheckOptions
{
    /// <summary>Whether every byte of every table is read and checked each time. Reads the whole store: for a check that runs once a day. Default: false.</summary>
    public bool VerifyTables { get; init; }

    /// <summary>The share of the time since the check before, 0 to 1, that writes may be stalled before the store is called degraded. Default: 0.1.</summary>
    public double StallShare { get; init; } = 0.1;
}
