using System.Data;
using System.Data.Common;
using LsmTree.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace LsmTree.Data.Tests.Ado;

public sealed class DataSourceTests
{
    [Fact]
    public void A_data_source_in_memory_is_one_store_for_its_connections()
    {
        using var source = LsmDataSource.Create("Data Source=:memory:;Name=test");
        using var other = LsmDataSource.Create("Data Source=:memory:");
        Assert.Equal("test", source.Name);
        using (var connection = source.OpenConnection())
        {
            connection.Execute("INSERT INTO kv VALUES ('k', 'v')");
        }

        using var again = source.OpenConnection();
        Assert.Equal("v", again.Scalar("SELECT v FROM kv"));
        using var foreign = other.OpenConnection();
        Assert.Equal(0L, foreign.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public async Task Commands_straight_from_the_source_open_and_close_for_you()
    {
        await using var source = LsmDataSource.Create("Data Source=:memory:");
        await using (var write = source.CreateCommand("INSERT INTO kv VALUES ('k', 'v')"))
        {
            Assert.Equal(1, await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        await using var read = source.CreateCommand("SELECT v FROM kv");
        Assert.Equal("v", await read.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await using (var reader = await read.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal("v", reader.GetString(0));
        }

        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("SELECT COUNT(*) FROM kv"));
        Assert.Equal(1L, await batch.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Disposing_the_source_closes_the_engine()
    {
        using var directory = new TemporaryDirectory();
        var source = LsmDataSource.Create(directory.ConnectionString);
        using (var connection = source.OpenConnection())
        {
            connection.Execute("INSERT INTO kv VALUES ('k', 'v')");
        }

        source.Dispose();
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => source.OpenConnection());
        using var store = LsmTree.Storage.LsmStore.Open(directory.Path);
    }

    [Fact]
    public void Disposing_the_source_before_its_last_connection_closes_the_engine_with_that()
    {
        using var directory = new TemporaryDirectory();
        var source = LsmDataSource.Create(directory.ConnectionString);
        using var connection = source.OpenConnection();
        source.Dispose();
        Assert.Equal(0L, connection.Scalar("SELECT COUNT(*) FROM kv"));

        connection.Close();

        using var store = LsmTree.Storage.LsmStore.Open(directory.Path);
    }

    [Fact]
    public void A_source_needs_a_data_source()
    {
        Assert.Throws<ArgumentException>(() => LsmDataSource.Create("Pooling=true"));
        Assert.Throws<ArgumentException>(() => LsmDataSource.Create(""));
        Assert.Throws<ArgumentException>(() => LsmDataSource.Create("xyzzy=1"));
    }

    [Fact]
    public void A_builder_makes_what_it_describes()
    {
        var builder = new LsmDataSourceBuilder("Data Source=:memory:") { Name = "orders" };
        builder.ConnectionStringBuilder.DefaultTimeout = 3;
        using var source = builder.Build();
        Assert.Equal("orders", source.Name);
        using var connection = source.CreateConnection();
        Assert.Equal(3, connection.CreateCommand().CommandTimeout);
        Assert.Equal(builder.ConnectionString, connection.ConnectionString);
    }

    [Fact]
    public void Services_give_a_source_and_its_connections()
    {
        var services = new ServiceCollection();
        services.AddLsmDataSource("Data Source=:memory:", static builder => builder.Name = "configured");
        using var provider = services.BuildServiceProvider();
        var source = provider.GetRequiredService<LsmDataSource>();
        Assert.Equal("configured", source.Name);
        Assert.Same(source, provider.GetRequiredService<DbDataSource>());
        using (var scope = provider.CreateScope())
        {
            var one = scope.ServiceProvider.GetRequiredService<LsmConnection>();
            var other = Assert.IsType<LsmConnection>(scope.ServiceProvider.GetRequiredService<DbConnection>());
            Assert.NotSame(one, other);
            Assert.Equal(ConnectionState.Closed, one.State);
            one.Open();
            other.Open();
            one.Execute("INSERT INTO kv VALUES ('k', 'v')");
            Assert.Equal("v", other.Scalar("SELECT v FROM kv"));
        }

        using var connection = source.OpenConnection();
        Assert.Equal(1L, connection.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Keyed_services_are_stores_of_their_own()
    {
        var services = new ServiceCollection();
        services.AddKeyedLsmDataSource("a", "Data Source=:memory:");
        services.AddKeyedLsmDataSource("b", "Data Source=:memory:");
        using var provider = services.BuildServiceProvider();
        using var a = provider.GetRequiredKeyedService<LsmConnection>("a");
        using var b = (LsmConnection)provider.GetRequiredKeyedService<DbConnection>("b");
        a.Open();
        b.Open();
        a.Execute("INSERT INTO kv VALUES ('k', 'v')");
        Assert.Equal(0L, b.Scalar("SELECT COUNT(*) FROM kv"));
        Assert.NotSame(provider.GetRequiredKeyedService<DbDataSource>("a"), provider.GetRequiredKeyedService<DbDataSource>("b"));
    }

    [Fact]
    public void A_mistake_in_the_connection_string_shows_at_registration() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddLsmDataSource("Data Sorce=x"));
}
