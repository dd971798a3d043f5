namespace LsmTree.Data.Conformance;

public sealed class CommandTests(OpenConnectionFixture fixture) : IClassFixture<OpenConnectionFixture>
{
    private DbConnection Connection => fixture.Connection;

    public static TheoryData<string> Executions => ["Prepare", "ExecuteReader", "ExecuteScalar", "ExecuteNonQuery", "ExecuteReaderAsync", "ExecuteScalarAsync", "ExecuteNonQueryAsync"];

    [Fact]
    public void Cancel_never_throws()
    {
        using var command = Provider.Factory.CreateCommand()!;
        command.Cancel();
        using var executed = Connection.Command("SELECT 1");
        executed.ExecuteScalar();
        executed.Cancel();
        executed.Cancel();
        executed.Dispose();
        executed.Cancel();
        var connection = Provider.OpenConnection();
        var orphan = connection.Command("SELECT 1");
        connection.Dispose();
        orphan.Cancel();
    }

    [Fact]
    public void Cancel_after_an_execution_does_not_hit_the_next_one()
    {
        using var command = Connection.Command("SELECT 1");
        command.ExecuteScalar();
        command.Cancel();
        Assert.Equal(1, command.ExecuteScalar());
    }

    [Fact]
    public void CommandText_is_empty_by_default_and_for_null()
    {
        using var command = Provider.Factory.CreateCommand()!;
        Assert.Equal("", command.CommandText);
        command.CommandText = "SELECT 1";
        command.CommandText = null;
        Assert.Equal("", command.CommandText);
    }

    [Fact]
    public void Properties_are_readable_after_Dispose()
    {
        var command = Connection.Command("SELECT 1");
        var parameters = command.Parameters;
        command.Dispose();
        Assert.Equal("SELECT 1", command.CommandText);
        Assert.Equal(CommandType.Text, command.CommandType);
        Assert.Same(parameters, command.Parameters);
    }

    [Fact]
    public void CommandText_cannot_be_set_while_a_reader_is_open()
    {
        using var command = Connection.Command("SELECT 1");
        using var reader = command.ExecuteReader();
        Assert.Throws<InvalidOperationException>(() => command.CommandText = "SELECT 2");
    }

    [Fact]
    public void Connection_cannot_be_set_while_a_reader_is_open()
    {
        using var command = Connection.Command("SELECT 1");
        using var other = Provider.CreateConnection();
        using (command.ExecuteReader())
        {
            Assert.Throws<InvalidOperationException>(() => command.Connection = other);
            Assert.Throws<InvalidOperationException>(() => command.Connection = null);
        }

        command.Connection = null;
        Assert.Null(command.Connection);
    }

    [Fact]
    public void CommandType_is_Text_by_default() => Assert.Equal(CommandType.Text, Provider.Factory.CreateCommand()!.CommandType);

    [Fact]
    public void CommandTimeout_is_30_by_default_and_not_negative()
    {
        using var command = Provider.Factory.CreateCommand()!;
        Assert.Equal(30, command.CommandTimeout);
        Assert.Throws<ArgumentOutOfRangeException>(() => command.CommandTimeout = -1);
        command.CommandTimeout = 0;
        Assert.Equal(0, command.CommandTimeout);
    }

    [Fact]
    public void Parameters_are_always_the_same_collection()
    {
        using var command = Provider.Factory.CreateCommand()!;
        Assert.NotNull(command.Parameters);
        Assert.Same(command.Parameters, command.Parameters);
        Assert.NotNull(command.CreateParameter());
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public async Task Execution_needs_a_connection(string execution)
    {
        using var command = Provider.Factory.CreateCommand()!;
        command.CommandText = "SELECT 1";
        await Assert.ThrowsAsync<InvalidOperationException>(() => Execute(command, execution));
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public async Task Execution_needs_an_open_connection(string execution)
    {
        using var connection = Provider.CreateConnection();
        using var command = connection.Command("SELECT 1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Execute(command, execution));
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public async Task Execution_needs_a_text(string execution)
    {
        using var command = Connection.CreateCommand();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Execute(command, execution));
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public async Task A_text_with_an_error_is_a_DbException(string execution)
    {
        using var command = Connection.Command("INVALID;");
        var error = await Assert.ThrowsAnyAsync<DbException>(() => Execute(command, execution));
        Assert.Equal("42601", error.SqlState);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public async Task Execution_without_the_active_transaction_is_refused(string execution)
    {
        if (execution == "Prepare")
        {
            return;
        }

        using var connection = Provider.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var command = connection.Command("SELECT 1");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Execute(command, execution));
        Assert.Contains("transaction: tx", error.Message, StringComparison.Ordinal);
        Assert.Contains("Ignore Command Transaction=true", error.Message, StringComparison.Ordinal);
        command.Transaction = transaction;
        await Execute(command, execution);
    }

    [Fact]
    public void Execution_in_a_transaction_of_another_connection_is_refused()
    {
        using var other = Provider.OpenConnection();
        using var transaction = other.BeginTransaction();
        using var command = Connection.Command("SELECT 1");
        command.Transaction = transaction;
        Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar());
    }

    [Fact]
    public void A_second_reader_on_a_command_is_refused()
    {
        using var command = Connection.Command("SELECT 1");
        using (command.ExecuteReader())
        {
            Assert.Throws<InvalidOperationException>(() => command.ExecuteReader());
        }

        using var again = command.ExecuteReader();
        Assert.True(again.Read());
    }

    [Fact]
    public void A_comment_gives_no_rows()
    {
        using var reader = Connection.Command("-- nothing to see here").ExecuteReader();
        Assert.False(reader.HasRows);
        Assert.False(reader.Read());
        Assert.False(reader.NextResult());
    }

    [Fact]
    public void A_trailing_comment_is_no_statement()
    {
        using var reader = Connection.Command("SELECT 0; -- the smallest of numbers").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(0, reader.GetInt32(0));
        Assert.False(reader.NextResult());
    }

    [Theory]
    [InlineData(CommandBehavior.CloseConnection)]
    [InlineData(CommandBehavior.CloseConnection | CommandBehavior.SingleRow | CommandBehavior.SequentialAccess)]
    public void CloseConnection_closes_the_connection_with_the_reader(CommandBehavior behavior)
    {
        using var connection = Provider.OpenConnection();
        using (connection.Command("SELECT 0").ExecuteReader(behavior))
        {
            Assert.Equal(ConnectionState.Open, connection.State);
        }

        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Theory]
    [InlineData("SELECT 1;", 1)]
    [InlineData("SELECT 'test';", "test")]
    [InlineData("SELECT 42; SELECT 43;", 42)]
    [InlineData("SELECT 42, 43;", 42)]
    [InlineData("SELECT 42 UNION SELECT 43;", 42)]
    [InlineData("SELECT 1 WHERE 0 = 1;", null)]
    public async Task ExecuteScalar_gives_the_first_value(string text, object? expected)
    {
        using var command = Connection.Command(text);
        Assert.Equal(expected, command.ExecuteScalar());
        Assert.Equal(expected, await command.ExecuteScalarAsync());
    }

    [Fact]
    public void ExecuteScalar_gives_a_decimal_for_a_literal_with_a_point() => Assert.Equal(3.14m, Connection.Command("SELECT 3.14;").ExecuteScalar());

    [Fact]
    public async Task ExecuteScalar_gives_DBNull_for_NULL()
    {
        Assert.Same(DBNull.Value, Connection.Command("SELECT NULL;").ExecuteScalar());
        Assert.Same(DBNull.Value, await Connection.Command("SELECT NULL;").ExecuteScalarAsync());
    }

    [Fact]
    public async Task ExecuteNonQuery_gives_minus_one_for_SELECT()
    {
        Assert.Equal(-1, Connection.Command("SELECT 1;").ExecuteNonQuery());
        Assert.Equal(-1, await Connection.Command("SELECT 1;").ExecuteNonQueryAsync());
    }

    [Theory]
    [InlineData("ExecuteReaderAsync")]
    [InlineData("ExecuteScalarAsync")]
    [InlineData("ExecuteNonQueryAsync")]
    public async Task A_cancelled_token_gives_a_cancelled_task(string execution)
    {
        using var command = Connection.Command("SELECT 1;");
        var task = Execute(command, execution, Provider.Canceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
    }

    [Fact]
    public void A_parameter_of_an_unknown_type_is_not_supported()
    {
        using var command = Connection.Command("SELECT @Parameter;");
        command.Add("@Parameter", new Version(1, 2));
        Assert.Throws<NotSupportedException>(() => command.ExecuteScalar());
    }

    private static Task Execute(DbCommand command, string execution, CancellationToken token = default)
    {
        switch (execution)
        {
            case "Prepare":
                command.Prepare();
                return Task.CompletedTask;
            case "ExecuteReader":
                command.ExecuteReader().Dispose();
                return Task.CompletedTask;
            case "ExecuteScalar":
                command.ExecuteScalar();
                return Task.CompletedTask;
            case "ExecuteNonQuery":
                command.ExecuteNonQuery();
                return Task.CompletedTask;
            case "ExecuteScalarAsync":
                return command.ExecuteScalarAsync(token);
            case "ExecuteNonQueryAsync":
                return command.ExecuteNonQueryAsync(token);
            default:
                return token.IsCancellationRequested ? command.ExecuteReaderAsync(token) : Read();
        }

        async Task Read()
        {
            await using var reader = await command.ExecuteReaderAsync(token);
        }
    }
}
