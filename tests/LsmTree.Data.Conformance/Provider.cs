namespace LsmTree.Data.Conformance;

/// <summary>What the suite knows about the provider: its factory, a connection string, and nothing else. Every test speaks to System.Data.Common.</summary>
internal static class Provider
{
    public const string ConnectionString = "Data Source=:memory:";

    public static DbProviderFactory Factory => LsmProviderFactory.Instance;

    public static CancellationToken Canceled { get; } = new(canceled: true);

    public static DbConnection CreateConnection()
    {
        var connection = Factory.CreateConnection()!;
        connection.ConnectionString = ConnectionString;
        return connection;
    }

    public static DbConnection OpenConnection()
    {
        var connection = CreateConnection();
        connection.Open();
        return connection;
    }

    public static DbCommand Command(this DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    public static DbParameter Add(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Throws unless the action throws one of the exceptions, exactly.</summary>
    public static void ThrowsOneOf(Action action, params Type[] expected)
    {
        var error = Record.Exception(action);
        Assert.NotNull(error);
        Assert.True(expected.Contains(error.GetType()), $"Expected one of {string.Join(", ", expected.Select(static type => type.Name))}, but was {error}");
    }
}
