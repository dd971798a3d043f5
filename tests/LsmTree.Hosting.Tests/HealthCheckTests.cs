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
    public async Task A_store_whose_writes_have_stopped_is_unhealthy_and_names_the_first_cause()
    {
        using var directory = new TemporaryDirectory();
        using var source = LsmDataSource.Create($"Data Source={directory.Path}");
        using var connection = source.OpenConnection();
        connection.Store.Put("key"u8, "value"u8);
        for (var number = 1; number < 60; number++)
        {
            // Where the next table would be there is something else: the flush cannot create it.
            Directory.CreateDirectory(Path.Combine(directory.Path, $"{number:D6}.sst"));
        }

        Assert.ThrowsAny<Exception>(() => connection.Store.Flush());
        var result = await Check(new LsmHealthCheck(source));
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("Writes have stopped after an error", result.Description, StringComparison.Ordinal);
        Assert.Contains(".sst", result.Description, StringComparison.Ordinal);
        Assert.Equal(directory.Path, result.Data["directory"]);

        var softer = LsmHealthCheck.Registration("store", failureStatus: HealthStatus.Degraded);
        Assert.Equal(HealthStatus.Degraded, (await new LsmHealthCheck(source).CheckHealthAsync(new HealthCheckContext { Registration = softer }, TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task A_store_whose_writes_were_stalled_for_long_is_degraded_until_they_no_longer_are()
    {
        using var directory = new TemporaryDirectory();
        using var source = LsmDataSource.Create($"Data Source={directory.Path};Memtable Size=64KB;Synchronous=Normal");
        using var connection = source.OpenConnection();
        var clock = new StepClock();
        var check = new LsmHealthCheck(source, time: clock);
        Assert.Equal(HealthStatus.Healthy, (await Check(check)).Status);

        var deadline = TimeProvider.System.GetTimestamp();
        for (var key = 0; connection.Store.GetStatistics().StallTime == TimeSpan.Zero; key++)
        {
            connection.Store.Put(BitConverter.GetBytes(key), new byte[20_000]); // three to a memtable: faster than they can be flushed
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromMinutes(2), "writes were never stalled");
        }

        clock.Now += 2 * connection.Store.GetStatistics().StallTime.Ticks;
        var result = await Check(check);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("stalled for 50", result.Description, StringComparison.Ordinal);
        Assert.InRange((double)result.Data["stall_share"], 0.49, 0.51);

        clock.Now += TimeSpan.TicksPerSecond;
        Assert.Equal(HealthStatus.Healthy, (await Check(check)).Status);
        Assert.Equal(HealthStatus.Healthy, (await Check(new LsmHealthCheck(source, time: clock))).Status); // a first check knows of no time before it
    }

    [Fact]
    public async Task A_store_whose_compactions_fail_is_degraded_and_names_the_damage()
    {
        using var directory = new TemporaryDirectory();
        using var source = LsmDataSource.Create($"Data Source={directory.Path};Memtable Size=64KB;Synchronous=Normal");
        using var connection = source.OpenConnection();
        var random = new Random(1);
        WriteTable(connection, random);
        var table = Assert.Single(Directory.GetFiles(directory.Path, "*.sst"));
        using (var file = new FileStream(table, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 100;
            file.Write(new byte[64]);
        }

        for (var tables = 0; tables < 8; tables++)
        {
            WriteTable(connection, random);
        }

        Assert.True(SpinWait.SpinUntil(() => connection.Store.GetStatistics().CompactionFailure is not null, TimeSpan.FromMinutes(2)));
        var result = await Check(new LsmHealthCheck(source));
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("compactions fail", result.Description, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(table), result.Description, StringComparison.Ordinal);
        connection.Store.Put("writes"u8, "go on"u8);
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

    private static void WriteTable(LsmConnection connection, Random random)
    {
        var value = new byte[200];
        for (var key = 0; key < 100; key++)
        {
            random.NextBytes(value);
            connection.Store.Put([0, 0, 0, 1, (byte)key], value);
        }

        connection.Store.Flush();
    }

    private sealed class StepClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
