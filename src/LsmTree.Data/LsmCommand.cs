using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Execution;
using LsmTree.Data.Sessions;

namespace LsmTree.Data;

/// <summary>A text of statements and its parameters. Executing it again costs no parsing and no planning.</summary>
/// <remarks>
/// <para>All statements of a text are executed before <see cref="ExecuteReader()"/> returns; the reader then only reads. Without a transaction
/// each statement commits by itself.</para>
/// <para>The command keeps its plan, and what a reader needs: executing it again allocates nothing but the values that are read.</para>
/// </remarks>
public sealed class LsmCommand : DbCommand
{
    private const int NotSet = -1;

    private LsmConnection? _connection;
    private LsmTransaction? _transaction;
    private LsmParameterCollection? _parameters;
    private ResultCursor? _results;
    private PreparedScript? _script;
    private Session? _scriptSession;
    private LastExecution _last; // mutable: what Cancel reads
    private string _text = "";
    private int _timeout = NotSet;
    private bool _isProcedure;
    private bool _hidden;
    private byte _updatedRowSource = (byte)UpdateRowSource.None; // a byte: commands are made by the million

    /// <summary>A command without text and connection.</summary>
    public LsmCommand()
    {
#pragma warning disable CA1816 // nothing here needs the finalizer that Component declares, and a queue of finalizable commands is not free
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
    }

    /// <summary>A command with a text, and what it runs on.</summary>
    /// <param name="commandText">The statements.</param>
    /// <param name="connection">The connection; may be set later.</param>
    /// <param name="transaction">The transaction that is active on the connection; null when there is none.</param>
    public LsmCommand(string? commandText, LsmConnection? connection = null, LsmTransaction? transaction = null) : this()
    {
        CommandText = commandText;
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>One or more statements, separated by semicolons. Setting an equal text keeps the plan. Default: empty.</summary>
    /// <exception cref="InvalidOperationException">Set while a reader of the command is open.</exception>
    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set
        {
            ThrowIfReading();
            value ??= "";
            if (!ReferenceEquals(_text, value) && !string.Equals(_text, value, StringComparison.Ordinal))
            {
                _text = value;
                _script = null;
            }
        }
    }

    /// <summary>Seconds that a call on the command or its reader may take; 0 for ever. Default: the connection's Default Timeout, 30.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public override int CommandTimeout
    {
        get => _timeout != NotSet ? _timeout : _connection?.DefaultTimeout ?? ConnectionKeywords.DefaultTimeoutSeconds;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _timeout = value;
        }
    }

    /// <summary><see cref="CommandType.Text"/>; StoredProcedure is accepted for a text that is one of the dialect's one-word statements, as Dapper sends it.</summary>
    /// <exception cref="NotSupportedException">TableDirect.</exception>
    public override CommandType CommandType
    {
        get => _isProcedure ? CommandType.StoredProcedure : CommandType.Text;
        set => _isProcedure = value is CommandType.Text or CommandType.StoredProcedure
            ? value == CommandType.StoredProcedure
            : throw new NotSupportedException($"CommandType.{value} is not supported; write SELECT * FROM the table.");
    }

    /// <summary>The connection that the command runs on.</summary>
    /// <exception cref="InvalidOperationException">Set while a reader of the command is open.</exception>
    public new LsmConnection? Connection
    {
        get => _connection;
        set
        {
            ThrowIfReading();
            if (!ReferenceEquals(_connection, value))
            {
                _connection = value;
                _script = null;
            }
        }
    }

    /// <summary>The transaction that the command runs in: the one that is active on its connection.</summary>
    public new LsmTransaction? Transaction
    {
        get => _transaction;
        set => _transaction = value;
    }

    /// <inheritdoc cref="DbCommand.Parameters"/>
    public new LsmParameterCollection Parameters => _parameters ??= new LsmParameterCollection();

    /// <inheritdoc/>
    public override bool DesignTimeVisible
    {
        get => !_hidden;
        set => _hidden = !value;
    }

    /// <inheritdoc/>
    public override UpdateRowSource UpdatedRowSource
    {
        get => (UpdateRowSource)_updatedRowSource;
        set => _updatedRowSource = (byte)value;
    }

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => Connection = value is null ? null : value as LsmConnection ?? throw new InvalidCastException($"An LsmCommand runs on an LsmConnection, not on a {value.GetType()}.");
    }

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => Parameters;

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => _transaction = value is null ? null : value as LsmTransaction ?? throw new InvalidCastException($"An LsmCommand runs in an LsmTransaction, not in a {value.GetType()}.");
    }

    /// <summary>Cancels the execution that runs, or whose reader is open; does nothing when there is none. May be called from any thread.</summary>
    /// <remarks>The cancelled call throws an <see cref="LsmException"/> with SQLSTATE 57014.</remarks>
    public override void Cancel() => _last.Cancel();

    /// <inheritdoc cref="DbCommand.CreateParameter"/>
#pragma warning disable CA1822 // it hides an instance method of DbCommand
    public new LsmParameter CreateParameter() => new();
#pragma warning restore CA1822

    /// <summary>Parses and plans the text now, so that a mistake shows here.</summary>
    /// <exception cref="InvalidOperationException">There is no open connection or no text.</exception>
    /// <exception cref="LsmException">The text has an error.</exception>
    public override void Prepare()
    {
        var session = ReadySession(GivenConnection());
        try
        {
            ScriptFor(session);
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }
    }

    /// <summary>Executes all statements.</summary>
    /// <returns>Rows inserted, updated and deleted; -1 when no statement counts any.</returns>
    public override int ExecuteNonQuery()
    {
        var connection = GivenConnection();
        var run = connection.Gate.Enter(null);
        try
        {
            return ScriptExecution.NonQuery(connection, Begin(connection, run, CancellationToken.None), run);
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            connection.Gate.End(run);
        }
    }

    /// <summary>As <see cref="ExecuteNonQuery"/>; the sync of a commit is awaited without holding a thread, FLUSH, COMPACT, CHECKPOINT and VERIFY are left to a thread of the pool, and everything else completes synchronously.</summary>
    /// <param name="cancellationToken">Cancels the execution.</param>
    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = GivenConnection();
        var run = connection.Gate.Enter(await _last.QueueAsync(connection, CommandTimeout, cancellationToken).ConfigureAwait(false));
        try
        {
            return await ScriptExecution.NonQueryAsync(connection, Begin(connection, run, cancellationToken), run).ConfigureAwait(false);
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            connection.Gate.End(run);
        }
    }

    /// <summary>Executes all statements.</summary>
    /// <returns>The first column of the first row of the first statement that gives rows; <see cref="DBNull.Value"/> for NULL; null when there is no row.</returns>
    public override object? ExecuteScalar()
    {
        var connection = GivenConnection();
        var run = connection.Gate.Enter(null);
        try
        {
            return ScriptExecution.Scalar(connection, Begin(connection, run, CancellationToken.None), run);
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            connection.Gate.End(run);
        }
    }

    /// <summary>As <see cref="ExecuteScalar"/>; the sync of a commit is awaited without holding a thread, FLUSH, COMPACT, CHECKPOINT and VERIFY are left to a thread of the pool, and everything else completes synchronously.</summary>
    /// <param name="cancellationToken">Cancels the execution.</param>
    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = GivenConnection();
        var run = connection.Gate.Enter(await _last.QueueAsync(connection, CommandTimeout, cancellationToken).ConfigureAwait(false));
        try
        {
            return await ScriptExecution.ScalarAsync(connection, Begin(connection, run, cancellationToken), run).ConfigureAwait(false);
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            connection.Gate.End(run);
        }
    }

    /// <inheritdoc cref="DbCommand.ExecuteReader()"/>
    public new LsmDataReader ExecuteReader() => ExecuteReader(CommandBehavior.Default);

    /// <summary>Executes all statements and reads their rows.</summary>
    /// <param name="behavior">SingleResult, SingleRow, SchemaOnly and CloseConnection are honoured; KeyInfo is always given, and SequentialAccess has no need.</param>
    public new LsmDataReader ExecuteReader(CommandBehavior behavior)
    {
        var connection = GivenConnection();
        var run = connection.Gate.Enter(null);
        var results = _results ??= new ResultCursor();
        try
        {
            var script = Begin(connection, run, CancellationToken.None);
            results.Open(connection, run, behavior);
            ScriptExecution.Read(connection, script, run, results);
            return results.GiveReader();
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            results.EndCall(connection.Gate, run);
        }
    }

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => ExecuteReader(behavior);

    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = GivenConnection();
        var run = connection.Gate.Enter(await _last.QueueAsync(connection, CommandTimeout, cancellationToken).ConfigureAwait(false));
        var results = _results ??= new ResultCursor();
        try
        {
            var script = Begin(connection, run, cancellationToken);
            results.Open(connection, run, behavior);
            await ScriptExecution.ReadAsync(connection, script, run, results).ConfigureAwait(false);
            return results.GiveReader();
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            results.EndCall(connection.Gate, run);
        }
    }

    /// <inheritdoc/>
    protected override DbParameter CreateDbParameter() => CreateParameter();

    /// <summary>Checks that the command can be executed, starts the clock, prepares the text and binds the parameters.</summary>
    private PreparedScript Begin(LsmConnection connection, CommandRun run, CancellationToken cancellationToken)
    {
        ThrowIfReading();
        var session = ReadySession(connection);
        connection.CheckTransaction(_transaction);
        _last.Begin(run, connection, CommandTimeout, cancellationToken);
        var script = ScriptFor(session);
        if (run.Operation.IsWatched)
        {
            run.Operation.Describe(script.Summary);
        }

        _parameters?.Bind(run, run.Parameters);
        return script;
    }

    private LsmConnection GivenConnection() =>
        _connection ?? throw new InvalidOperationException("The command has no connection. Set Connection, or make the command with LsmConnection.CreateCommand.");

    private Session ReadySession(LsmConnection connection)
    {
        var session = connection.OpenSession();
        if (_text.Length == 0)
        {
            throw new InvalidOperationException("The command has no text. Set CommandText.");
        }

        ScriptExecution.CheckType(CommandType, _text);
        return session;
    }

    private PreparedScript ScriptFor(Session session)
    {
        if (_script is null || !ReferenceEquals(_scriptSession, session) || !session.IsCurrent(_script))
        {
            _script = session.Prepare(_text);
            _scriptSession = session;
        }

        return _script;
    }

    private void ThrowIfReading()
    {
        if (_results is { IsOpen: true })
        {
            throw new InvalidOperationException("A reader of this command is open. Close it first, or use another command: several readers may be open on one connection.");
        }
    }
}
