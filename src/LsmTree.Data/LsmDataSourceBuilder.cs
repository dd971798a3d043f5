namespace LsmTree.Data;

/// <summary>Gathers what a data source needs.</summary>
public sealed class LsmDataSourceBuilder
{
    /// <summary>Starts from a connection string.</summary>
    /// <param name="connectionString">The connection string; null starts empty.</param>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    public LsmDataSourceBuilder(string? connectionString = null)
    {
        ConnectionStringBuilder = new LsmConnectionStringBuilder(connectionString);
    }

    /// <summary>The connection string, keyword by keyword.</summary>
    public LsmConnectionStringBuilder ConnectionStringBuilder { get; }

    /// <summary>The connection string as it stands.</summary>
    public string ConnectionString => ConnectionStringBuilder.ConnectionString;

    /// <summary>A name for logs and metrics: the Name of the connection string.</summary>
    public string Name
    {
        get => ConnectionStringBuilder.Name;
        set => ConnectionStringBuilder.Name = value;
    }

    /// <summary>Makes the data source. Nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">There is no Data Source.</exception>
    public LsmDataSource Build() => LsmDataSource.Create(ConnectionString);
}
