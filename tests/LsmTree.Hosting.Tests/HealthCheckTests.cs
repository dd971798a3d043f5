using LsmTree.Data;
using LsmTree.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LsmTree.Hosting.Tests;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task A_store_that_works_is_healthy_and_shows_its_figures()
    {
        using var source = LsmDataSource.Create("Data Source=:memory:;Name=well");
        var result = await Check(new LsmHealthCheck(source));
        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal("well", result.Data["store"]);
        Assert.Equal(0, result.Data["tables"]);
        Assert.Equal(0.0, result.Data["stall_share"]);
        Assert.True((long)result.Data["memtable_bytes"] >= 0);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_unhealthy()
    {
        using var directory = new TemporaryDirectory();
        using var source = LsmDataSource.Create($"Data Source={directory.Path}/absent;Mode=ReadWrite");
        var result = await Check(new LsmHealthCheck(source));
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("does not exist", result.Description, StringComparison.Ordinal);
        Assert.Equal("58P01", result.Data["sqlstate"]);
        Assert.IsType<LsmException>(result.Exception);

        var softer = LsmHealthCheck.Registration("store", failureStatus: HealthStatus.Degraded);
        var context = new HealthCheckContext { Registration = softer };
        Assert.Equal(HealthStatus.Degraded, (await new LsmHealthCheck(source).CheckHealthAsync(context, TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task A_store_with_a_damaged_table_is_degraded_when_tables_are_verified()
    {
        using var directory = new TemporaryDirectory();
        using var source = LsmDataSource.Create($"Data Source={directory.Path}");
        using (var connection = source.OpenConnection())
        {
            for (var key = 0; key < 100; key++)
            {
                connection.Store.Put([0, 0, 0, 1, (byte)key], new byte[200]);
            }

            connection.Store.Flush();
        }

        var verifying = new LsmHealthCheck(source, new LsmHealthCheckOptions { VerifyTables = true });
        Assert.Equal(HealthStatus.Healthy, (await Check(verifying)).Status);

        var table = Assert.Single(Directory.GetFiles(directory.Path, "*.sst"));
        using (var file = new FileStream(table, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 100;
            var value = file.ReadByte();
            file.Position = 100;
            file.WriteByte((byte)(value ^ 0xFF));
        }

        var result = await Check(verifying);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains(Path.GetFileName(table), result.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await Check(new LsmHealthCheck(source))).Status);
    }

    [Fact]
    public async Task A_registration_makes_one_check_for_the_data_source_of_the_services()
    {
        var services = new ServiceCollection();
        services.AddLsmDataSource("Data Source=:memory:;Name=plain");
        services.AddKeyedLsmDataSource("other", "Data Source=:memory:;Name=keyed");
        using var provider = services.BuildServiceProvider();

        var plain = LsmHealthCheck.Registration();
        Assert.Equal("lsmtree", plain.Name);
        Assert.Equal(HealthStatus.Unhealthy, plain.FailureStatus);
        Assert.Same(plain.Factory(provider), plain.Factory(provider));
        Assert.Equal("plain", (await Check(plain.Factory(provider))).Data["store"]);

        var keyed = LsmHealthCheck.Registration("second", "other", tags: ["store"]);
        Assert.Equal(["store"], keyed.Tags);
        Assert.Equal("keyed", (await Check(keyed.Factory(provider))).Data["store"]);
    }

    private static Task<HealthCheckResult> Check(IHealthCheck check) => check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
