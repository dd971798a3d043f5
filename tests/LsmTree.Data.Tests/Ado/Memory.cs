namespace LsmTree.Data.Tests.Ado;

/// <summary>Short ways to a store in memory and its statements.</summary>
internal static class Memory
{
    public static LsmConnection Open(string more = "")
    {
        var connection = new LsmConnection("Data Source=:memory:" + more);
        connection.Open();
        return connection;
    }

    public static LsmCommand Command(this LsmConnection connection, string text, params (string Name, object Value)[] parameters)
    {
        var command = new LsmCommand(text, connection, null);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    public static int Execute(this LsmConnection connection, string text, params (string Name, object Value)[] parameters)
    {
        using var command = connection.Command(text, parameters);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this LsmConnection connection, string text, params (string Name, object Value)[] parameters)
    {
        using var command = connection.Command(text, parameters);
        return command.ExecuteScalar();
    }
}
