namespace LsmTree.Data.Conformance;

public sealed class ConnectionTests
{
    [Fact]
    public void ConnectionString_is_empty_by_default() => Assert.Equal("", Provider.Factory.CreateConnection()!.ConnectionString);

    [Fact]
    public void ConnectionString_set_to_null_is_empty()
    {
        using var connection = Provider.CreateConnection();
        connection.ConnectionString = null;
        Assert.Equal("", connection.ConnectionString);
    }

    [Fact]
    public void ConnectionString_returns_the_very_string_that_was_set()
    {
        using var connection = Provider.Factory.CreateConnection()!;
        var text = new string("data source = :memory: ; pooling=True");
        connection.ConnectionString = text;
        Assert.Same(text, connection.ConnectionString);
        connection.Open();
        Assert.Same(text, connection.ConnectionString);
    }

    [Fact]
    public void ConnectionString_cannot_be_set_while_open()
    {
        using var connection = Provider.OpenConnection();
        Assert.Throws<InvalidOperationException>(() => connection.ConnectionString = Provider.ConnectionString);
    }

    [Fact]
    public void ConnectionString_with_an_unknown_keyword_is_refused_when_set()
    {
        using var connection = Provider.Factory.CreateConnection()!;
        Assert.ThrowsAny<ArgumentException>(() => connection.ConnectionString = "xyzzy=Invalid");
    }

    [Fact]
    public void Database_and_DataSource_are_empty_without_a_connection_string()
    {
        using var connection = Provider.Factory.CreateConnection()!;
        Assert.Equal("", connection.Database);
        Assert.Equal("", connection.DataSource);
    }

    [Fact]
    public void Database_and_DataSource_are_not_null_when_open()
    {
        using var connection = Provider.OpenConnection();
        Assert.NotNull(connection.Database);
        Assert.NotNull(connection.DataSource);
    }

    [Fact]
    public void ServerVersion_is_there_when_open()
    {
        using var connection = Provider.OpenConnection();
        Assert.NotEmpty(connection.ServerVersion);
    }

    [Fact]
    public void ServerVersion_needs_an_open_connection()
    {
        using var connection = Provider.CreateConnection();
        Assert.Throws<InvalidOperationException>(() => connection.ServerVersion);
    }

    [Fact]
    public void State_is_Closed_before_Open_and_after_Close()
    {
        using var connection = Provider.CreateConnection();
        Assert.Equal(ConnectionState.Closed, connection.State);
        connection.Open();
        Assert.Equal(ConnectionState.Open, connection.State);
        connection.Close();
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void Open_needs_a_connection_string()
    {
        using var connection = Provider.Factory.CreateConnection()!;
        Assert.Throws<InvalidOperationException>(connection.Open);
    }

    [Fact]
    public void Open_needs_a_data_source()
    {
        using var connection = Provider.Factory.CreateConnection()!;
        connection.ConnectionString = "Pooling=false";
        Assert.Throws<InvalidOperationException>(connection.Open);
    }

    [Fact]
    public void Open_when_open_is_refused()
    {
        using var connection = Provider.OpenConnection();
        Assert.Throws<InvalidOperationException>(connection.Open);
    }

    [Fact]
    public async Task OpenAsync_with_a_cancelled_token_gives_a_cancelled_task()
    {
        using var connection = Provider.CreateConnection();
        var task = connection.OpenAsync(Provider.Canceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task OpenAsync_opens()
    {
        await using var connection = Provider.CreateConnection();
        await connection.OpenAsync();
        Assert.Equal(ConnectionState.Open, connection.State);
    }

    [Fact]
    public void Open_raises_StateChange_once_from_Closed_to_Open()
    {
        using var connection = Provider.CreateConnection();
        var changes = Changes(connection);
        connection.Open();
        var (sender, change) = Assert.Single(changes);
        Assert.Same(connection, sender);
        Assert.Equal(ConnectionState.Closed, change.OriginalState);
        Assert.Equal(ConnectionState.Open, change.CurrentState);
    }

    [Fact]
    public void Close_raises_StateChange_once_from_Open_to_Closed()
    {
        using var connection = Provider.OpenConnection();
        var changes = Changes(connection);
        connection.Close();
        connection.Close();
        var (sender, change) = Assert.Single(changes);
        Assert.Same(connection, sender);
        Assert.Equal(ConnectionState.Open, change.OriginalState);
        Assert.Equal(ConnectionState.Closed, change.CurrentState);
    }

    [Fact]
    public void Close_before_Open_does_nothing()
    {
        using var connection = Provider.CreateConnection();
        var changes = Changes(connection);
        connection.Close();
        Assert.Empty(changes);
    }

    [Fact]
    public void A_closed_connection_can_be_opened_again()
    {
        using var connection = Provider.OpenConnection();
        connection.Close();
        connection.Open();
        Assert.Equal(1, Convert.ToInt32(connection.Command("SELECT 1").ExecuteScalar()));
    }

    [Fact]
    public void Dispose_closes_and_raises_Disposed_once()
    {
        var connection = Provider.OpenConnection();
        var disposed = 0;
        connection.Disposed += (_, _) => disposed++;
        connection.Dispose();
        connection.Dispose();
        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Equal(1, disposed);
    }

    [Fact]
    public async Task DisposeAsync_closes_and_raises_Disposed_once()
    {
        var connection = Provider.OpenConnection();
        var disposed = 0;
        connection.Disposed += (_, _) => disposed++;
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Equal(1, disposed);
    }

    [Fact]
    public void CreateCommand_sets_Connection_and_no_Transaction()
    {
        using var connection = Provider.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        Assert.Same(connection, command.Connection);
        Assert.Null(command.Transaction);
    }

    [Fact]
    public void CreateCommand_works_on_a_closed_connection()
    {
        using var connection = Provider.CreateConnection();
        using var command = connection.CreateCommand();
        Assert.Same(connection, command.Connection);
    }

    [Fact]
    public void The_factory_of_a_connection_is_the_instance()
    {
        using var connection = Provider.CreateConnection();
        Assert.Same(Provider.Factory, DbProviderFactories.GetFactory(connection));
    }

    [Fact]
    public void GetSchema_without_a_name_is_MetaDataCollections()
    {
        using var connection = Provider.OpenConnection();
        AssertIsMetaDataCollections(connection.GetSchema());
        AssertIsMetaDataCollections(connection.GetSchema("MetaDataCollections"));
    }

    [Fact]
    public void ChangeDatabase_is_not_supported()
    {
        using var connection = Provider.OpenConnection();
        Assert.Throws<NotSupportedException>(() => connection.ChangeDatabase("other"));
    }

    private static void AssertIsMetaDataCollections(DataTable table)
    {
        Assert.Equal("MetaDataCollections", table.TableName);
        Assert.Equal(
            [("CollectionName", typeof(string)), ("NumberOfRestrictions", typeof(int)), ("NumberOfIdentifierParts", typeof(int))],
            table.Columns.Cast<DataColumn>().Select(static column => (column.ColumnName, column.DataType)));
        Assert.Contains(table.Rows.Cast<DataRow>(), static row => (string)row[0] == "Tables" && (int)row[1] == 4);
    }

    private static List<(object Sender, StateChangeEventArgs Change)> Changes(DbConnection connection)
    {
        var changes = new List<(object, StateChangeEventArgs)>();
        connection.StateChange += (sender, change) => changes.Add((sender, change));
        return changes;
    }
}
