using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Data;

/// <summary>A connection string, checked and typed once. Immutable.</summary>
internal sealed class ConnectionSettings
{
    private const string DataDirectory = "|DataDirectory|";
    private const string PrivateMemory = ":memory:";

    private static readonly RememberedSettings s_remembered = new();

    private readonly SessionSettings _session;

    private ConnectionSettings(string text, LsmConnectionStringBuilder builder)
    {
        Text = text;
        DataSource = builder.DataSource;
        DefaultTimeout = builder.DefaultTimeout;
        IgnoreCommandTransaction = builder.IgnoreCommandTransaction;
        Name = builder.Name;
        var inMemory = builder.Mode == LsmOpenMode.Memory || builder.DataSource == PrivateMemory;
        _session = new SessionSettings(
            builder.DataSource,
            inMemory,
            builder.Mode switch
            {
                LsmOpenMode.ReadWrite => OpenMode.ReadWrite,
                LsmOpenMode.ReadOnly => OpenMode.ReadOnly,
                _ => OpenMode.ReadWriteCreate,
            },
            builder.Synchronous,
            builder.DefaultTimeout == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(builder.DefaultTimeout),
            builder.Pooling,
            TimeSpan.FromSeconds(builder.EngineIdleTimeout),
            builder.MemoryBudget,
            builder.MemtableSize,
            builder.Compression)
        {
            Name = builder.Name,
            AllowsFullScan = builder.AllowFullScan,
        };
        EngineOptions.CheckBudget(_session);
    }

    private ConnectionSettings(ConnectionSettings original, string text, SessionSettings session)
    {
        Text = text;
        DataSource = original.DataSource;
        DefaultTimeout = original.DefaultTimeout;
        IgnoreCommandTransaction = original.IgnoreCommandTransaction;
        Name = original.Name;
        _session = session;
    }

    /// <summary>The connection string, the same instance that was given.</summary>
    public string Text { get; }

    /// <summary>The data source as written.</summary>
    public string DataSource { get; }

    /// <summary>Seconds; 0 for ever.</summary>
    public int DefaultTimeout { get; }

    public bool IgnoreCommandTransaction { get; }

    public string Name { get; }

    /// <summary>True for a store that only one connection sees.</summary>
    public bool IsPrivateMemory => _session.DataSource == PrivateMemory;

    /// <summary>What a connection string asks for; one that was checked lately is not checked again.</summary>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    public static ConnectionSettings Parse(string text) => s_remembered.Get(text);

    /// <summary>As <see cref="Parse"/>, without a memory.</summary>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    public static ConnectionSettings Check(string text) => new(text, new LsmConnectionStringBuilder(text));

    /// <summary>The same settings of an equal text.</summary>
    public ConnectionSettings WithText(string text) => new(this, text, _session);

    /// <summary>The same settings over a store in memory that is shared under a name.</summary>
    public ConnectionSettings WithSharedMemory(string name) => new(this, Text, _session with { DataSource = name });

    /// <summary>The same settings, with somebody who is told what the engine does.</summary>
    public ConnectionSettings WithEvents(StoreEventListener events) => new(this, Text, _session with { Events = events });

    /// <summary>What the session needs, with <c>|DataDirectory|</c> filled in as of now.</summary>
    /// <exception cref="InvalidOperationException">There is no Data Source.</exception>
    public SessionSettings ForSession()
    {
        if (_session.DataSource.Length == 0)
        {
            throw new InvalidOperationException("The connection string names no Data Source. Set ConnectionString to, for example, 'Data Source=./data'.");
        }

        if (_session.InMemory || !_session.DataSource.StartsWith(DataDirectory, StringComparison.OrdinalIgnoreCase))
        {
            return _session;
        }

        var root = AppDomain.CurrentDomain.GetData("DataDirectory") as string ?? AppContext.BaseDirectory;
        return _session with { DataSource = Path.Join(root, _session.DataSource[DataDirectory.Length..].TrimStart('/', '\\')) };
    }
}
