namespace LsmTree.Data.Conformance;

public sealed class FactoryTests
{
    [Fact]
    public void Everything_that_a_factory_makes_is_there()
    {
        Assert.NotNull(Provider.Factory.CreateCommand());
        Assert.NotNull(Provider.Factory.CreateCommandBuilder());
        Assert.NotNull(Provider.Factory.CreateConnection());
        Assert.NotNull(Provider.Factory.CreateConnectionStringBuilder());
        Assert.NotNull(Provider.Factory.CreateDataAdapter());
        Assert.NotNull(Provider.Factory.CreateParameter());
        Assert.NotNull(Provider.Factory.CreateBatch());
        Assert.NotNull(Provider.Factory.CreateBatchCommand());
    }

    [Fact]
    public void The_factory_says_what_it_can_make()
    {
        Assert.True(Provider.Factory.CanCreateCommandBuilder);
        Assert.True(Provider.Factory.CanCreateDataAdapter);
        Assert.True(Provider.Factory.CanCreateBatch);
        Assert.False(Provider.Factory.CanCreateDataSourceEnumerator);
        Assert.Null(Provider.Factory.CreateDataSourceEnumerator());
    }

    [Fact]
    public void The_factory_is_found_by_its_registered_type()
    {
        const string Name = "LsmTree.Data.Conformance.Registered";
        DbProviderFactories.RegisterFactory(Name, Provider.Factory.GetType().AssemblyQualifiedName!);
        try
        {
            Assert.Same(Provider.Factory, DbProviderFactories.GetFactory(Name));
        }
        finally
        {
            DbProviderFactories.UnregisterFactory(Name);
        }
    }

    [Fact]
    public void A_data_source_opens_connections()
    {
        using var source = Provider.Factory.CreateDataSource(Provider.ConnectionString);
        Assert.Equal(Provider.ConnectionString, source.ConnectionString);
        using var connection = source.OpenConnection();
        Assert.Equal(ConnectionState.Open, connection.State);
    }

    [Fact]
    public void A_connection_string_builder_is_empty_by_default()
    {
        var builder = Provider.Factory.CreateConnectionStringBuilder()!;
        Assert.Equal("", builder.ConnectionString);
        builder.ConnectionString = null;
        Assert.Equal("", builder.ConnectionString);
    }
}
