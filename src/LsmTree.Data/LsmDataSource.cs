using System.Data.Common;
using System.Globalization;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Data;

/// <summary>Makes connections to one store, and keeps its engine open between them. Thread-safe; an application has one.</summary>
/// <remarks>
/// The engine opens with the first connection and closes when the data source is disposed and its last connection is closed. Over
/// <c>:memory:</c> the data source owns one store that all its connections see.
/// </remarks>
public sealed class LsmDataSource : DbDataSource
{
    private static int s_memoryStores; // only makes names distinct

    private readonly ConnectionSettings _settings;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private Session? _engine;
    private bool _disposed;

    /// <param name="settings">The connection string.</param>
    /// <param name="slowStatements">Who wants to know of slow statements; null when nobody does.</param>
    /// <param name="registry">Where its engine is.</param>
    internal LsmDataSource(ConnectionSettings settings, SlowStatementWatch? slowStatements, StoreRegistry registry)
    {
        Registry = registry;
        _settings = settings.IsPrivateMemory
            ? settings.WithSharedMemory(string.Create(CultureInfo.InvariantCulture, $"data source {Interlocked.Increment(ref s_memoryStores)}"))
            : settings;
        SlowStatements = slowStatements;
    }

    /// <inheritdoc/>
    public override string ConnectionString => _settings.Text;

    /// <summary>The Name of the connection string; empty when it has none.</summary>
    public string Name => _settings.Name;

    /// <summary>Who wants to know of slow statements; null when nobody does.</summary>
    internal SlowStatementWatch? SlowStatements { get; }

    /// <summary>The engines among which the data source finds its own.</summary>
    internal StoreRegistry Registry { get; }

    /// <summary>A data source for a connection string. Nothing is opened yet.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <exception cref="ArgumentException">A keyword is unknown, a value does not fit, or there is no Data Source.</exception>
    public static LsmDataSource Create(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return Create(connectionString, null, null, default);
    }

    /// <inheritdoc cref="DbDataSource.CreateConnection"/>
    public new LsmConnection CreateConnection()
    {
        ThrowIfDisposed();
        return new LsmConnection(this, _settings);
    }

    /// <inheritdoc cref="DbDataSource.OpenConnection"/>
    public new LsmConnection OpenConnection()
    {
        var connection = CreateConnection();
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="DbDataSource.OpenConnectionAsync"/>
    public new async ValueTask<LsmConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static LsmDataSource Create(string connectionString, StoreEventListener? events, Action<LsmSlowStatement>? slowStatements, TimeSpan threshold)
    {
        var settings = ConnectionSettings.Parse(connectionString);
        if (settings.DataSource.Length == 0)
        {
            throw new ArgumentException("The connection string names no Data Source; for example 'Data Source=./data'.", nameof(connectionString));
        }

        return new LsmDataSource(
            events is null ? settings : settings.WithEvents(events),
            slowStatements is null ? null : Watch(slowStatements, threshold, settings.Name.Length > 0 ? settings.Name : settings.DataSource),
            StoreRegistry.Process);
    }

    /// <summary>Opens the engine on behalf of the data source, so that it outlives the connection that asks.</summary>
    internal void HoldEngine(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _engine ??= Session.Open(_settings.ForSession(), Registry, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => CreateConnection();

    /// <inheritdoc/>
    protected override DbConnection OpenDbConnection() => OpenConnection();

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) =>
        await OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
        {
            return;
        }

        Session? engine;
        lock (_gate)
        {
            engine = _engine;
            _engine = null;
            _disposed = true;
        }

        if (engine is not null)
        {
            engine.Dispose();
            Registry.CloseIdle(_settings.ForSession());
        }
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(true);
        return base.DisposeAsyncCore();
    }

    private static SlowStatementWatch Watch(Action<LsmSlowStatement> tell, TimeSpan threshold, string name) => new(threshold, (summary, duration, error) =>
    {
        try
        {
            tell(new LsmSlowStatement(summary.Summary, summary.Text, duration, name, error));
        }
        catch (Exception)
        {
            // Somebody else's code, called when a statement has ended: it must not turn the statement's success into a failure.
        }
    });

    private void ThrowIfDisposed()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
        }
    }
}
