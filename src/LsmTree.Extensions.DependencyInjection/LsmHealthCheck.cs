using LsmTree.Data;
using LsmTree.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LsmTree.Extensions.DependencyInjection;

/// <summary>Says how a store is: healthy; degraded when writes are stalled, compactions fail or a table is damaged; unhealthy when it cannot be opened or read, or takes no more writes.</summary>
/// <remarks>
/// <para>Register it with <c>services.AddHealthChecks().Add(LsmHealthCheck.Registration())</c>. The result's data has the figures of
/// <see cref="LsmStore.GetStatistics"/> that tell why.</para>
/// <para>The first check has no check before it, and calls no stall too long.</para>
/// </remarks>
public sealed class LsmHealthCheck : IHealthCheck
{
    private readonly LsmDataSource _source;
    private readonly LsmHealthCheckOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    // Guarded by _gate: the check before.
    private long _checkedAt;
    private TimeSpan _stallTime;
    private bool _hasChecked;

    /// <summary>A check of one data source.</summary>
    /// <param name="source">The data source.</param>
    /// <param name="options">What to look at; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public LsmHealthCheck(LsmDataSource source, LsmHealthCheckOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _options = options ?? new LsmHealthCheckOptions();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>What <c>AddHealthChecks().Add</c> takes: a check of the data source that the services have.</summary>
    /// <param name="name">The name of the check. Default: <c>lsmtree</c>.</param>
    /// <param name="serviceKey">The key of the data source; null for the one without a key.</param>
    /// <param name="options">What to look at; null for the defaults.</param>
    /// <param name="failureStatus">What to report instead of Unhealthy; null for that.</param>
    /// <param name="tags">Tags to select checks by.</param>
    public static HealthCheckRegistration Registration(string name = "lsmtree", object? serviceKey = null, LsmHealthCheckOptions? options = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        LsmHealthCheck? check = null; // one for all its runs: it compares each with the one before
        return new HealthCheckRegistration(
            name,
            services => LazyInitializer.EnsureInitialized(ref check, () => new LsmHealthCheck(services.GetRequiredKeyedService<LsmDataSource>(serviceKey), options)),
            failureStatus,
            tags);
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var failed = context.Registration?.FailureStatus ?? HealthStatus.Unhealthy;
        try
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                using var command = new LsmCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
                return Judge(connection.Store, failed, cancellationToken);
            }
        }
        catch (LsmException error)
        {
            return new HealthCheckResult(failed, $"The store cannot be used: {error.Message}", error, new Dictionary<string, object> { ["sqlstate"] = error.SqlState ?? "" });
        }
    }

    private HealthCheckResult Judge(LsmStore store, HealthStatus failed, CancellationToken cancellationToken)
    {
        var statistics = store.GetStatistics();
        var data = Describe(store, statistics);
        if (statistics.Failure is { } failure)
        {
            return new HealthCheckResult(failed, $"Writes have stopped after an error: {failure}", null, data);
        }

        if (statistics.CompactionFailure is { } compaction)
        {
            return new HealthCheckResult(HealthStatus.Degraded, $"Reads and writes go on, but compactions fail: {compaction}", null, data);
        }

        if (_options.VerifyTables && store.Verify(cancellationToken) is { Problems: { Count: > 0 } problems })
        {
            data["damage"] = problems.Count;
            return new HealthCheckResult(HealthStatus.Degraded, $"{problems[0].File} is damaged at offset {problems[0].Offset}: {problems[0].Description}", null, data);
        }

        var share = StallShare(statistics.StallTime);
        data["stall_share"] = share;
        return share > _options.StallShare
            ? new HealthCheckResult(HealthStatus.Degraded, FormattableString.Invariant($"Writes were stalled for {share:P0} of the time since the check before."), null, data)
            : new HealthCheckResult(HealthStatus.Healthy, "The store reads and writes.", null, data);
    }

    /// <summary>How much of the time since the last check writes were stalled; several writers at once count each, so it may be above 1.</summary>
    private double StallShare(TimeSpan stallTime)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var elapsed = _hasChecked ? _time.GetElapsedTime(_checkedAt, now) : TimeSpan.Zero;
            var stalled = stallTime - _stallTime;
            _checkedAt = now;
            _stallTime = stallTime;
            _hasChecked = true;
            return elapsed > TimeSpan.Zero && stalled > TimeSpan.Zero ? stalled / elapsed : 0;
        }
    }

    private static Dictionary<string, object> Describe(LsmStore store, StoreStatistics statistics) => new()
    {
        ["store"] = store.Name,
        ["directory"] = store.Directory,
        ["tables"] = statistics.Tables,
        ["table_bytes"] = statistics.TableBytes,
        ["memtable_bytes"] = statistics.MemtableBytes,
        ["log_bytes"] = statistics.LogBytes,
        ["compaction_debt_bytes"] = statistics.CompactionDebtBytes,
        ["stalls"] = statistics.Stalls,
        ["stall_seconds"] = statistics.StallTime.TotalSeconds,
        ["open_snapshots"] = statistics.OpenSnapshots,
        ["oldest_snapshot_seconds"] = statistics.OldestSnapshotAge.TotalSeconds,
    };
}
