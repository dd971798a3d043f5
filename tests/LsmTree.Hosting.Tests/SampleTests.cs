using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LsmTree.Data;

namespace LsmTree.Hosting.Tests;

/// <summary>Every sample is started as a user would start it, and says what it says in the documentation.</summary>
public sealed class SampleTests
{
    [Fact]
    public void QuickStart_says_what_it_found()
    {
        using var directory = new TemporaryDirectory();
        for (var run = 0; run < 2; run++)
        {
            using var sample = SampleProcess.Start("QuickStart", directory.Path);
            var output = sample.ReadToEnd();
            Assert.Contains("user:1 is Ann; in key order: Ann, Ben\n", output, StringComparison.Ordinal);
            Assert.Contains("last visit of /home: 2026-01-01 12:02:00Z\n", output, StringComparison.Ordinal);
            Assert.Contains("key is there: True\n", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AppConfig_finds_store_and_provider_by_their_names()
    {
        using var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.Path, "data");
        using var sample = SampleProcess.Start("AppConfig", directory.Path, data);
        Assert.Equal(
            $"1 row updated\n1 Ann 13.00\n2 Ben 99.99\nin {Path.Combine(data, "orders")}\nscratch holds 0 rows\n",
            sample.ReadToEnd().TrimEnd('\n') + "\n");

        using var connection = new LsmConnection($"Data Source={data}/orders");
        connection.Open();
        using var command = new LsmCommand("SELECT total FROM orders WHERE id = 1", connection);
        Assert.Equal(13.00m, command.ExecuteScalar());
    }

    [Fact]
    public async Task WebApi_serves_packages_health_and_metrics_and_keeps_what_it_acknowledged()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.Path, "data");
        using var sample = SampleProcess.Start("WebApi", directory.Path, "--urls", "http://127.0.0.1:0", "--Store:DataSource", data, "--Store:Name", "packages", "--Logging:LogLevel:LsmTree.Storage", "Debug");
        using var client = new HttpClient { BaseAddress = new Uri(await sample.WaitForLineAsync("Now listening on: ")) };

        var packages = new[] { new { name = "zlib1g", version = "1.2.13", installedKib = 168L }, new { name = "zsh", version = "5.9", installedKib = 2_400L }, new { name = "adduser", version = "3.134", installedKib = 686L } };
        using (var created = await client.PostAsJsonAsync("/packages", packages, cancellation))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        var zsh = await client.GetFromJsonAsync<JsonElement>("/packages/zsh", cancellation);
        Assert.Equal(("zsh", "5.9", 2_400L), (zsh.GetProperty("name").GetString(), zsh.GetProperty("version").GetString(), zsh.GetProperty("installedKib").GetInt64()));
        using (var absent = await client.GetAsync("/packages/absent", cancellation))
        {
            Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        }

        Assert.Equal(["zlib1g", "zsh"], await Names("/packages?from=z"));
        Assert.Equal(["adduser"], await Names("/packages?limit=1"));
        Assert.Equal("Healthy", await client.GetStringAsync("/health", cancellation));

        var metrics = await client.GetStringAsync("/metrics", cancellation);
        Assert.Matches(@"lsmtree\.commit\.count\{lsmtree\.store=packages\} [1-9]", metrics);
        Assert.Matches(@"db\.client\.operation\.duration\{[^}]*db\.query\.summary=SELECT packages[^}]*\} count=4 ", metrics);
        Assert.Contains("packages: open after ", sample.Output, StringComparison.Ordinal);
        Assert.Contains("3 packages were written", sample.Output, StringComparison.Ordinal);

        sample.Kill();
        using var connection = new LsmConnection($"Data Source={data}");
        connection.Open();
        using var command = new LsmCommand("SELECT COUNT(*) FROM packages", connection);
        Assert.Equal(3L, command.ExecuteScalar());

        async Task<string[]> Names(string path) =>
            [.. (await client.GetFromJsonAsync<JsonElement>(path, cancellation)).EnumerateArray().Select(static package => package.GetProperty("name").GetString()!)];
    }
}
