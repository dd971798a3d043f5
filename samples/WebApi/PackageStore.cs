using System.Diagnostics;
using Dapper;
using LsmTree.Data;

namespace WebApiSample;

/// <summary>What the endpoints ask the store. A connection is cheap: each request has its own, and all of them share one engine.</summary>
internal sealed partial class PackageStore(LsmConnection connection, ILogger<PackageStore> logger)
{
    public static readonly ActivitySource Activities = new("WebApi");

    public static async Task CreateAsync(LsmDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS packages (name TEXT PRIMARY KEY, version TEXT NOT NULL, installed_kib BIGINT NOT NULL)");
    }

    public Task<Package?> FindAsync(string name) =>
        connection.QuerySingleOrDefaultAsync<Package>("SELECT name AS Name, version AS Version, installed_kib AS InstalledKib FROM packages WHERE name = @name", new { name });

    /// <summary>Packages in the order of their names, from one name up to, and without, another.</summary>
    public Task<IEnumerable<Package>> RangeAsync(string from, string to, int limit) =>
        connection.QueryAsync<Package>("SELECT name AS Name, version AS Version, installed_kib AS InstalledKib FROM packages WHERE name >= @from AND name < @to ORDER BY name LIMIT @limit", new { from, to, limit });

    /// <summary>Writes all or none: one transaction, one record of the log, one fsync.</summary>
    public async Task PutAsync(IReadOnlyCollection<Package> packages, CancellationToken cancellation)
    {
        using var activity = Activities.StartActivity("put packages");
        activity?.SetTag("packages", packages.Count);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync("UPSERT INTO packages (name, version, installed_kib) VALUES (@Name, @Version, @InstalledKib)", packages, transaction);
        await transaction.CommitAsync(cancellation);
        LogPut(packages.Count);
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} packages were written")]
    private partial void LogPut(int count);
}
