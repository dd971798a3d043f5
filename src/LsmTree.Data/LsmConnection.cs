using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Execution;
using LsmTree.Data.Sessions;
using LsmTree.Storage;
using IsolationLevel = System.Data.IsolationLevel;

namespace LsmTree.Data;

/// <summary>A connection to a store. Every connection of a process to one directory shares one engine, so opening one is cheap.</summary>
/// <remarks>
/// <para>A connection serves one caller at a time; the engine serves many. Open one connection for each thread or request: concurrent use of
/// one connection is detected and refused. Several readers may be open on one connection, each over the moment at which it was opened.</para>
/// <para>Writes are durable when they return (<c>Synchronous=Full</c>), as in SQLite; the engine's own default is <c>Normal</c>.</para>
/// </remarks>
public sealed class LsmConnection : DbConnection
{
    private static readonly StateChangeEventArgs s_opened = new(ConnectionState.Closed, ConnectionState.Open);
    private static readonly StateChangeEventArgs s_closed = new(ConnectionState.Open, ConnectionState.Closed);

    private readonly LsmDataSource? _source;
    private ConnectionSettings? _settings;
    private Session? _session;
    private LsmTransaction? _transaction;
    private bool _disposed;
    private int? _defaultTimeout;

    /// <summary>A connection without a connection string.</summary>
    public LsmConnection()
    {
#pragma warning disable CA1816 // nothing here needs the finalizer that Component declares, and a queue of finalizable connections is not free
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
    }

    /// <summary>A connection that will open what <paramref name="connectionString"/> names.</summary>
    /// <param name="connectionString">The connection string; <see cref="LsmConnectionStringBuilder"/> lists its keywords.</param>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    public LsmConnection(string? connectionString) : this()
    {
        ConnectionString = connectionString;
    }

    internal LsmConnection(LsmDataSource source, ConnectionSettings settings) : this()
    {
        _source = source;
        _settings = settings;
    }

    /// <summary>The connection string, exactly as it was set. Default: empty.</summary>
    /// <exception cref="InvalidOperationException">Set while the connection is open.</exception>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    [AllowNull]
    public override string ConnectionString
    {
        get => _settings?.Text ?? "";
        set
        {
            if (_session is not null)
            {
                throw new InvalidOperationException("The connection string cannot change while the connection is open. Close it first.");
            }

            _settings = string.IsNullOrEmpty(value) ? null : ConnectionSettings.Parse(value);
        }
    }

    /// <summary>The name of the directory, without its path; the name of a store in memory. Empty without a connection string.</summary>
    public override string Database => Path.GetFileName(Path.TrimEndingDirectorySeparator(DataSource));

    /// <summary>The full path of the directory when open; until then the data source as written.</summary>
    public override string DataSource => _session?.DataSource ?? _settings?.DataSource ?? "";

    /// <summary>The version of the engine.</summary>
    /// <exception cref="InvalidOperationException">The connection is closed.</exception>
    public override string ServerVersion
    {
        get
        {
            OpenSession();
            return Session.ServerVersion;
        }
    }

    /// <inheritdoc/>
    public override ConnectionState State => _session is null ? ConnectionState.Closed : ConnectionState.Open;

    /// <summary>Seconds that <see cref="Open()"/> waits for a store that another process holds; 0 for ever.</summary>
    public override int ConnectionTimeout => _settings?.DefaultTimeout ?? ConnectionKeywords.DefaultTimeoutSeconds;

    /// <summary>
    /// The <see cref="DbCommand.CommandTimeout"/> of commands that set none, and how long a commit may wait for a flush, in seconds; 0 waits for
    /// ever. Default: the connection string's <c>Default Timeout</c>, which also bounds the wait for another process when the connection is opened.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DefaultTimeout
    {
        get => _defaultTimeout ?? _settings?.DefaultTimeout ?? ConnectionKeywords.DefaultTimeoutSeconds;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _defaultTimeout = value;
        }
    }

    /// <summary>The engine itself: keys and values as bytes, cursors, batches, statistics. It closes with its last connection; do not dispose it.</summary>
    /// <remarks>Its own writes are <see cref="Durability.Normal"/> unless each asks for <see cref="Durability.Full"/>, whatever the connection's Synchronous is.</remarks>
    /// <exception cref="InvalidOperationException">The connection is closed.</exception>
    public LsmStore Store => OpenSession().Store;

    /// <inheritdoc/>
    public override bool CanCreateBatch => true;

    /// <inheritdoc/>
    protected override DbProviderFactory DbProviderFactory => LsmProviderFactory.Instance;

    /// <summary>Through which every execution of this connection goes.</summary>
    internal ExecutionGate Gate { get; } = new();

    internal OpenReaders Readers { get; } = new();

    private StoreRegistry Registry => _source?.Registry ?? StoreRegistry.Process;

    internal LsmTransaction? ActiveTransaction => _transaction is { IsActive: true } active ? active : null;

    /// <summary>Closes the engine of a connection's data source, so that its directory can be deleted or opened elsewhere: now when it is idle.</summary>
    /// <param name="connection">A connection, open or closed, with the connection string of the engine.</param>
    /// <remarks>An engine that connections, or the data source of one, still use closes with the last of them, without its Engine Idle Timeout.</remarks>
    public static void ClearPool(LsmConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection._settings is { } settings)
        {
            connection.Registry.CloseIdle(settings.ForSession());
        }
    }

    /// <summary>Closes every engine of the process: now those that are idle, the others with the last connection that uses them.</summary>
    public static void ClearAllPools() => StoreRegistry.Process.CloseIdle(null);

    /// <summary>Opens, or joins, the engine of the data source.</summary>
    /// <exception cref="InvalidOperationException">The connection is open, or there is no Data Source.</exception>
    /// <exception cref="LsmException">The store cannot be opened; the code says why. Nothing stays locked.</exception>
    public override void Open() => Open(CancellationToken.None);

    /// <summary>As <see cref="Open()"/>. It completes synchronously, except that a lock held by another process is waited for until the token is cancelled.</summary>
    /// <param name="cancellationToken">Ends the wait; the task is then cancelled, and the connection stays closed.</param>
    public override Task OpenAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        try
        {
            Open(cancellationToken);
            return Task.CompletedTask;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    /// <summary>Closes the readers of the connection, rolls its transaction back and leaves the engine. Closing twice is fine.</summary>
    /// <exception cref="InvalidOperationException">It is executing, or one of its readers is being read, on another thread; it stays open.</exception>
    public override void Close()
    {
        if (_session is not { } session)
        {
            return;
        }

        Gate.Enter(); // what another thread executes would go on in a transaction whose memory somebody else has by now
        try
        {
            while (Readers.Newest is { } open)
            {
                open.End();
            }

            _session = null;
            _transaction?.Detach();
            _transaction = null;
            session.Dispose();
        }
        finally
        {
            Gate.Leave();
        }

        OnStateChange(s_closed);
    }

    /// <inheritdoc/>
    public override void ChangeDatabase(string databaseName) =>
        throw new NotSupportedException("A directory holds one database. Open another connection for another one.");

    /// <summary>Not supported, and not ignored: the store does not take part in System.Transactions.</summary>
    /// <param name="transaction">Any transaction but null.</param>
    /// <exception cref="NotSupportedException">Always, except for null.</exception>
    public override void EnlistTransaction(Transaction? transaction)
    {
        if (transaction is not null)
        {
            throw new NotSupportedException("The store does not take part in System.Transactions. Use BeginTransaction.");
        }
    }

    /// <summary>Begins a transaction at <see cref="IsolationLevel.Snapshot"/>.</summary>
    /// <exception cref="InvalidOperationException">The connection is closed, or a transaction is active.</exception>
    public new LsmTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified);

    /// <summary>Begins a transaction. Levels weaker than Snapshot are raised to it; Serializable also checks at commit what was read.</summary>
    /// <param name="isolationLevel">The level.</param>
    /// <exception cref="InvalidOperationException">The connection is closed, or a transaction is active.</exception>
    /// <exception cref="ArgumentException">The level is Chaos or unknown.</exception>
    public new LsmTransaction BeginTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel, LsmTransactionOptions.None);

    /// <summary>Begins a transaction at <see cref="IsolationLevel.Snapshot"/>, with the overload of Microsoft.Data.Sqlite.</summary>
    /// <param name="deferred">True for <see cref="LsmTransactionOptions.Deferred"/>: it sees the store as of its first statement. False is <see cref="BeginTransaction()"/>.</param>
    /// <exception cref="InvalidOperationException">The connection is closed, or a transaction is active.</exception>
    public LsmTransaction BeginTransaction(bool deferred) => BeginTransaction(IsolationLevel.Unspecified, deferred);

    /// <summary>Begins a transaction, with the overload of Microsoft.Data.Sqlite.</summary>
    /// <param name="isolationLevel">The level.</param>
    /// <param name="deferred">True for <see cref="LsmTransactionOptions.Deferred"/>.</param>
    /// <exception cref="InvalidOperationException">The connection is closed, or a transaction is active.</exception>
    /// <exception cref="ArgumentException">The level is Chaos or unknown.</exception>
    public LsmTransaction BeginTransaction(IsolationLevel isolationLevel, bool deferred) =>
        BeginTransaction(isolationLevel, deferred ? LsmTransactionOptions.Deferred : LsmTransactionOptions.None);

    /// <summary>Begins a transaction of a level, which may see the store as of its first statement, and may refuse writes.</summary>
    /// <param name="isolationLevel">The level.</param>
    /// <param name="options">What it is to be besides.</param>
    /// <exception cref="InvalidOperationException">The connection is closed, or a transaction is active.</exception>
    /// <exception cref="ArgumentException">The level is Chaos or unknown, or an option is.</exception>
    public LsmTransaction BeginTransaction(IsolationLevel isolationLevel, LsmTransactionOptions options)
    {
        if (isolationLevel == IsolationLevel.Chaos || !Enum.IsDefined(isolationLevel))
        {
            throw new ArgumentException($"The isolation level {isolationLevel} is not supported; use Snapshot or Serializable.", nameof(isolationLevel));
        }

        if ((options & ~(LsmTransactionOptions.Deferred | LsmTransactionOptions.ReadOnly)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, "These are not LsmTransactionOptions.");
        }

        var session = OpenSession();
        if (session.Transaction is not null)
        {
            throw new InvalidOperationException("A transaction is active on this connection, and they do not nest. Commit it, roll it back, or use a savepoint (LsmTransaction.Save).");
        }

        Gate.Enter();
        try
        {
            return _transaction = new LsmTransaction(this, session.Begin(new TransactionTerms(isolationLevel, options.HasFlag(LsmTransactionOptions.Deferred), options.HasFlag(LsmTransactionOptions.ReadOnly))));
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            Gate.Leave();
        }
    }

    /// <inheritdoc cref="DbConnection.CreateCommand"/>
    public new LsmCommand CreateCommand() => new() { Connection = this };

    /// <inheritdoc cref="DbConnection.CreateBatch"/>
    public new LsmBatch CreateBatch() => new(this);

    /// <summary>Writes a consistent copy of the store to a new directory, by hard links where the file system has them. Writes go on meanwhile.</summary>
    /// <param name="directory">The directory to make; it must not exist or be empty.</param>
    /// <param name="cancellationToken">Ends the wait for the flush with which it begins, and the work between two files; the directory is then no store.</param>
    /// <exception cref="InvalidOperationException">The connection is closed.</exception>
    /// <exception cref="LsmException">The copy could not be made.</exception>
    public void CheckpointTo(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        try
        {
            Store.CheckpointTo(directory, cancellationToken);
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public override DataTable GetSchema() => GetSchema(DbMetaDataCollectionNames.MetaDataCollections);

    /// <inheritdoc/>
    public override DataTable GetSchema(string collectionName) => GetSchema(collectionName, []);

    /// <summary>Describes the store: MetaDataCollections, DataSourceInformation, DataTypes, ReservedWords, Restrictions, Tables, Columns, Indexes, IndexColumns.</summary>
    /// <param name="collectionName">The collection, in any case.</param>
    /// <param name="restrictionValues">What to filter by, in the order that the collection Restrictions lists; null means any.</param>
    /// <exception cref="ArgumentException">The collection is unknown, or has fewer restrictions.</exception>
    /// <exception cref="InvalidOperationException">The connection is closed and the collection describes the open store.</exception>
    public override DataTable GetSchema(string collectionName, string?[] restrictionValues)
    {
        ArgumentNullException.ThrowIfNull(collectionName);
        return SchemaCollections.Get(this, collectionName, restrictionValues ?? []);
    }

    /// <summary>The session of the open connection.</summary>
    /// <exception cref="InvalidOperationException">The connection is closed.</exception>
    internal Session OpenSession() => _session ?? throw new InvalidOperationException("The connection is closed. Open it first.");

    /// <summary>Lets who watches operations see one that begins on the connection.</summary>
    internal void Watch(WatchedOperation operation)
    {
        if (_session is { } session)
        {
            operation.Begin(session.Tags, _source?.SlowStatements);
        }
    }

    /// <summary>A command on a connection with an active transaction must carry it, so that nobody writes outside of it by accident.</summary>
    internal void CheckTransaction(LsmTransaction? transaction)
    {
        var active = ActiveTransaction;
        if (ReferenceEquals(transaction, active) || _settings!.IgnoreCommandTransaction)
        {
            return;
        }

        throw new InvalidOperationException(transaction switch
        {
            null => "A transaction is active on this connection, and the command does not carry it. Set its Transaction (with Dapper: pass transaction: tx), or put 'Ignore Command Transaction=true' into the connection string.",
            { Connection: null } => "The transaction of the command has been committed or rolled back. Set the command's Transaction to the active one, or to null.",
            _ => "The transaction of the command belongs to another connection.",
        });
    }

    /// <inheritdoc/>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel);

    /// <inheritdoc/>
    protected override DbCommand CreateDbCommand() => CreateCommand();

    /// <inheritdoc/>
    protected override DbBatch CreateDbBatch() => CreateBatch();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        if (disposing)
        {
            Close();
            Gate.Dispose();
        }

        _disposed = true;
        base.Dispose(disposing);
    }

    private void Open(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_session is not null)
        {
            throw new InvalidOperationException("The connection is already open.");
        }

        var settings = _settings ?? throw new InvalidOperationException("The connection has no connection string. Set ConnectionString to, for example, 'Data Source=./data'.");
        try
        {
            _source?.HoldEngine(cancellationToken);
            _session = Session.Open(settings.ForSession(), Registry, cancellationToken).ForConnection();
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }

        OnStateChange(s_opened);
    }
}
