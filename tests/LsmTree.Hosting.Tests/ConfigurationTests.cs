using System.Data.Common;
using System.Text;
using LsmTree.Data;
using LsmTree.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LsmTree.Hosting.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void A_connection_string_of_appsettings_opens_a_store()
    {
        using var directory = new TemporaryDirectory();
        var configuration = Json($$"""{ "ConnectionStrings": { "Orders": "Data Source={{directory.Path.Replace('\\', '/')}}/orders;Synchronous=Normal" } }""");
        var services = new ServiceCollection();
        services.AddLsmDataSource(configuration.GetConnectionString("Orders")!);
        using var provider = services.BuildServiceProvider();
        using var connection = provider.GetRequiredService<LsmConnection>();
        connection.Open();
        Assert.Equal("orders", connection.Database);
    }

    [Fact]
    public void A_section_is_bound_keyword_by_keyword()
    {
        var configuration = Json("""{ "Store": { "DataSource": ":memory:", "name": "bound", "DefaultTimeout": 7, "MemoryBudget": "64MB", "Pooling": false, "SlowStatementThreshold": "00:00:00.250" } }""");
        var services = new ServiceCollection();
        LsmDataSourceBuilder? built = null;
        services.AddLsmDataSource(configuration.GetSection("Store"), builder => built = builder);
        using var provider = services.BuildServiceProvider();
        var source = provider.GetRequiredService<LsmDataSource>();
        Assert.Equal("bound", source.Name);
        Assert.Equal(7, built!.ConnectionStringBuilder.DefaultTimeout);
        Assert.Equal(64L << 20, built.ConnectionStringBuilder.MemoryBudget);
        Assert.False(built.ConnectionStringBuilder.Pooling);
        Assert.Equal(TimeSpan.FromMilliseconds(250), built.SlowStatementThreshold);
    }

    [Theory]
    [InlineData("""{ "Store": { "DataSorce": "x" } }""", "Store:DataSorce")]
    [InlineData("""{ "Store": { "DataSource": "x", "Synchronous": "Sometimes" } }""", "Store:Synchronous")]
    [InlineData("""{ "Store": { "DataSource": "x", "SlowStatementThreshold": "soon" } }""", "Store:SlowStatementThreshold")]
    [InlineData("""{ "Store": { "Name": "x" } }""", "DataSource")]
    [InlineData("""{ }""", "Store")]
    public void A_mistake_in_a_section_shows_at_registration_with_its_path(string json, string named)
    {
        var error = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddLsmDataSource(Json(json).GetSection("Store")));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_is_found_by_its_invariant_name_and_from_a_connection()
    {
        DbProviderFactories.RegisterFactory(LsmProviderFactory.InvariantName, LsmProviderFactory.Instance);
        DbProviderFactories.RegisterFactory("by type name", typeof(LsmProviderFactory).AssemblyQualifiedName!);
        try
        {
            Assert.Same(LsmProviderFactory.Instance, DbProviderFactories.GetFactory("LsmTree.Data"));
            Assert.Same(LsmProviderFactory.Instance, DbProviderFactories.GetFactory("by type name"));
            using var connection = DbProviderFactories.GetFactory("LsmTree.Data").CreateConnection()!;
            Assert.Same(LsmProviderFactory.Instance, DbProviderFactories.GetFactory(connection));
            Assert.Contains("LsmTree.Data", DbProviderFactories.GetProviderInvariantNames());
            using var source = DbProviderFactories.GetFactory("LsmTree.Data").CreateDataSource("Data Source=:memory:");
            using var command = source.CreateCommand("SELECT 1 + 1");
            Assert.Equal(2, Convert.ToInt32(command.ExecuteScalar(), null));
        }
        finally
        {
            DbProviderFactories.UnregisterFactory(LsmProviderFactory.InvariantName);
            DbProviderFactories.UnregisterFactory("by type name");
        }
    }

    [Fact]
    public void The_container_closes_the_engine_and_scopes_close_connections()
    {
        using var directory = new TemporaryDirectory();
        var services = new ServiceCollection();
        services.AddLsmDataSource($"Data Source={directory.Path}");
        LsmConnection connection;
        using (var provider = services.BuildServiceProvider())
        {
            using (var scope = provider.CreateScope())
            {
                connection = scope.ServiceProvider.GetRequiredService<LsmConnection>();
                connection.Open();
            }

            Assert.Equal(System.Data.ConnectionState.Closed, connection.State);
            Assert.Throws<LsmTree.Storage.StoreLockedException>(() => LsmTree.Storage.LsmStore.Open(directory.Path));
        }

        LsmTree.Storage.LsmStore.Open(directory.Path).Dispose();
    }

    private static IConfigurationRoot Json(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
}
