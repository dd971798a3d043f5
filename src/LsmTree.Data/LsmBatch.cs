using System.Data;
using System.Data.Common;
using System.Diagnostics;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Sessions;

namespace LsmTree.Data;

/// <summary>Several commands that succeed or fail as one: they run in one transaction and are written as one record of the log.</summary>
/// <remarks>
/// When a transaction is active on the connection the batch runs in it: a command that fails undoes the batch, and the transaction stays active.
/// Otherwise it has its own, which commits before the batch returns. COMMIT and ROLLBACK have no place in its commands. The
/// rows that its commands give are those of the moment at which they were executed. A batch is the fastest way to write many rows at once.
/// </remarks>
public sealed class LsmBatch : DbBatch
{
    private readonly LsmBatchCommandCollection _commands = new();
    private ResultCursor? _results;
    private LastExecution _last; // mutable: what Cancel reads
    private int? _timeout;

    /// <summary>A batch without commands.</summary>
    /// <param name="connection">The connection; may be set later.</param>
    /// <param name="transaction">The transaction that is active on the connection; null when there is none.</param>
    public LsmBatch(LsmConnection? connection = null, LsmTransaction? transaction = null)
    {
        Connection = connection;
        Transaction = transaction;
    }

    /// <inheritdoc cref="DbBatch.BatchCommands"/>
    public new LsmBatchCommandCollection BatchCommands => _commands;

    /// <summary>Seconds that the batch may take; 0 for ever. Default: the connection's Default Timeout, 30.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public override int Timeout
    {
        get => _timeout ?? Connection?.DefaultTimeout ?? ConnectionKeywords.DefaultTimeoutSeconds;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _timeout = value;
        }
    }

    /// <inheritdoc cref="DbBatch.Connection"/>
    public new LsmConnection? Connection { get; set; }

    /// <inheritdoc cref="DbBatch.Transaction"/>
    public new LsmTransaction? Transaction { get; set; }

    /// <inheritdoc/>
    protected override DbBatchCommandCollection DbBatchCommands => _commands;

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => Connection;
        set => Connection = (LsmConnection?)value;
    }

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => Transaction;
        set => Transaction = (LsmTransaction?)value;
    }

    /// <inheritdoc/>
    public override void Cancel() => _last.Cancel();

    /// <inheritdoc/>
    public override void Prepare()
    {
        var session = ReadyConnection().OpenSession();
        foreach (LsmBatchCommand command in _commands)
        {
            command.ScriptFor(session);
        }
    }

    /// <inheritdoc/>
    public override Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        try
        {
            Prepare();
            return Task.CompletedTask;
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    /// <inheritdoc cref="DbBatch.ExecuteReader(CommandBehavior)"/>
    public new LsmDataReader ExecuteReader(CommandBehavior behavior = CommandBehavior.Default)
    {
        var execution = ExecuteAsync(behavior, isAsync: false, CancellationToken.None);
        Debug.Assert(execution.IsCompleted, "A synchronous batch has awaited something.");
        return execution.IsCompletedSuccessfully ? execution.Result : execution.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Executes all commands.</summary>
    /// <returns>Rows inserted, updated and deleted; -1 when no command counts any.</returns>
    public override int ExecuteNonQuery()
    {
        using var reader = ExecuteReader();
        return reader.RecordsAffected;
    }

    /// <inheritdoc/>
    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default)
    {
        using var reader = await ExecuteAsync(CommandBehavior.Default, isAsync: true, cancellationToken).ConfigureAwait(false);
        return reader.RecordsAffected;
    }

    /// <inheritdoc/>
    public override object? ExecuteScalar()
    {
        using var reader = ExecuteReader();
        return reader.Read() ? reader.GetValue(0) : null;
    }

    /// <inheritdoc/>
    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default)
    {
        using var reader = await ExecuteAsync(CommandBehavior.Default, isAsync: true, cancellationToken).ConfigureAwait(false);
        return reader.Read() ? reader.GetValue(0) : null;
    }

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => ExecuteReader(behavior);

    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        await ExecuteAsync(behavior, isAsync: true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    protected override DbBatchCommand CreateDbBatchCommand() => new LsmBatchCommand();

    private async ValueTask<LsmDataReader> ExecuteAsync(CommandBehavior behavior, bool isAsync, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = ReadyConnection();
        var run = connection.Gate.Enter(isAsync ? await _last.QueueAsync(connection, Timeout, cancellationToken).ConfigureAwait(false) : null);
        var results = _results ??= new ResultCursor();
        SessionTransaction? own = null;
        TransactionUnit? unit = null;
        try
        {
            var session = Begin(connection, run, cancellationToken);
            results.Open(connection, run, behavior);
            if (session.Transaction is { } joined)
            {
                unit = joined.BeginUnit();
            }
            else
            {
                own = session.Begin(IsolationLevel.Unspecified);
            }

            foreach (LsmBatchCommand command in _commands)
            {
                run.TurnAway();
                run.BatchCommand = command;
                command.Bind(run);
                var script = command.ScriptFor(session);
                for (var statement = 0; statement < script.Count; statement++)
                {
                    run.TurnTo(script, statement);
                    if (script.EndsTransaction(statement))
                    {
                        throw new InvalidOperationException("A batch is one transaction, or a part of one: leave COMMIT and ROLLBACK out of its commands, and end the transaction after it.");
                    }

                    var result = results.IsSchemaOnly ? session.Describe(script, statement, command.Values)
                        : isAsync ? await ScriptExecution.ExecuteAsync(connection, script, statement, run, command.Values).ConfigureAwait(false)
                        : session.Execute(script, statement, command.Values, run.Limits);
                    command.Count(result.RecordsAffected);
                    results.Add(result, script, statement);
                }
            }

            run.TurnAway();
            session.Transaction?.EndUnit();
            await CommitAsync(own, isAsync, connection, run).ConfigureAwait(false);
            return results.GiveReader();
        }
        catch (Exception error)
        {
            results.Abandon(run);
            if (own is { IsActive: true })
            {
                own.Rollback();
            }
            else if (unit is { } begun)
            {
                connection.OpenSession().Transaction?.UndoUnit(begun);
            }

            if (run.TryTranslate(error, out var translated))
            {
                throw translated;
            }

            throw;
        }
        finally
        {
            results.EndCall(connection.Gate, run);
        }
    }

    private static async ValueTask CommitAsync(SessionTransaction? own, bool isAsync, LsmConnection connection, CommandRun run)
    {
        if (own is null)
        {
            return;
        }

        if (!isAsync)
        {
            own.Commit(run.Limits.Cancellation);
            return;
        }

        var commit = own.CommitAsync(run.Limits.Cancellation);
        if (!commit.IsCompleted)
        {
            connection.Gate.HoldTurn(run);
        }

        await commit.ConfigureAwait(false);
    }

    /// <summary>Checks that the batch can be executed, and starts the clock.</summary>
    private Session Begin(LsmConnection connection, CommandRun run, CancellationToken cancellationToken)
    {
        if (_results is { IsOpen: true })
        {
            throw new InvalidOperationException("A reader of this batch is open. Close it first.");
        }

        var session = connection.OpenSession();
        connection.CheckTransaction(Transaction);
        _last.Begin(run, connection, Timeout, cancellationToken);
        if (run.Operation.IsWatched)
        {
            run.Operation.Describe(StatementSummary.OfBatch(_commands.Count));
        }

        return session;
    }

    private LsmConnection ReadyConnection()
    {
        var connection = Connection ?? throw new InvalidOperationException("The batch has no connection. Set Connection, or make the batch with LsmConnection.CreateBatch.");
        connection.OpenSession();
        return _commands.Count > 0 ? connection : throw new InvalidOperationException("The batch has no commands. Add some to BatchCommands.");
    }
}
