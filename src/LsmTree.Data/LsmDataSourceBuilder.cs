using LsmTree.Storage;

namespace LsmTree.Data;

/// <summary>Gathers what a data source needs.</summary>
public sealed class LsmDataSourceBuilder
{
    private TimeSpan _slowStatementThreshold = TimeSpan.FromSeconds(1);

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

    /// <summary>
    /// Is told of the engine's flushes, compactions, stalls, recovery and background errors. One engine serves all data sources and connections of a
    /// directory, and tells whoever opened it. Default: null, nobody.
    /// </summary>
    public StoreEventListener? Events { get; set; }

    /// <summary>
    /// Is told of each statement of the source's connections that took <see cref="SlowStatementThreshold"/> or longer, on the thread that ended it.
    /// What it throws is dropped. Default: null, nobody.
    /// </summary>
    public Action<LsmSlowStatement>? SlowStatements { get; set; }

    /// <summary>From how long on a statement is slow. Default: 1 second, a tenth of MySQL's long_query_time: there is no network here. Zero: every statement.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan SlowStatementThreshold
    {
        get => _slowStatementThreshold;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _slowStatementThreshold = value;
        }
    }

    /// <summary>Makes the data source. Nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">There is no Data Source.</exception>
    public LsmDataSource Build() => LsmDataSource.Create(ConnectionString, Events, SlowStatements, SlowStatementThreshold);
}
