using System.Data;
using System.Data.Common;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Sessions;

namespace LsmTree.Data;

/// <summary>A transaction: a snapshot, and the writes made since, which its own statements see and others do not until it commits.</summary>
/// <remarks>
/// It holds no lock and is bound to no thread. When another transaction has committed a write to the same key first, the commit fails with
/// SQLSTATE 40001 (<see cref="LsmException"/>, transient): run the transaction again. A statement that fails undoes itself only. Disposing an
/// active transaction rolls it back.
/// </remarks>
public sealed class LsmTransaction : DbTransaction
{
    private readonly SessionTransaction _transaction;
    private LsmConnection? _connection;
    private bool _disposed;

    internal LsmTransaction(LsmConnection connection, SessionTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>The connection; null once the transaction is over, also by COMMIT or ROLLBACK as text.</summary>
    public new LsmConnection? Connection => IsActive ? _connection : null;

    /// <summary><see cref="IsolationLevel.Snapshot"/> or <see cref="IsolationLevel.Serializable"/>: what is given, which is at least what was asked for.</summary>
    public override IsolationLevel IsolationLevel => _transaction.IsolationLevel;

    /// <inheritdoc/>
    public override bool SupportsSavepoints => true;

    /// <inheritdoc/>
    protected override DbConnection? DbConnection => Connection;

    internal bool IsActive => _connection is not null && _transaction.IsActive;

    /// <summary>Makes the writes durable and visible, all of them or none.</summary>
    /// <remarks>It may have to wait for a flush, for as long as the connection's <see cref="LsmConnection.DefaultTimeout"/>; a commit that has begun completes.</remarks>
    /// <exception cref="LsmException">
    /// SerializationFailure: another transaction was first, nothing is written. Canceled: out of time, nothing is written. CommitOutcomeUnknown: a
    /// failed sync. The transaction is over in any case.
    /// </exception>
    /// <exception cref="InvalidOperationException">The transaction is over.</exception>
    /// <exception cref="ObjectDisposedException">The transaction is disposed.</exception>
    public override void Commit()
    {
        var connection = ActiveConnection();
        var run = connection.Gate.Enter(null);
        try
        {
            Begin(connection, run, CancellationToken.None);
            _transaction.Commit(run.Limits.Cancellation);
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            ForgetIfOver();
            connection.Gate.End(run);
        }
    }

    /// <summary>As <see cref="Commit"/>, waiting for the shared fsync without holding a thread.</summary>
    /// <param name="cancellationToken">
    /// Cancelled before the commit began, as while it waits for its turn, nothing is written and the transaction stays active. Cancelled while it
    /// waits for a flush, nothing is written and the transaction is over.
    /// </param>
    public override async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = ActiveConnection();
        var run = connection.Gate.Enter(await QueueAsync(connection, cancellationToken).ConfigureAwait(false));
        try
        {
            Begin(connection, run, cancellationToken);
            var commit = _transaction.CommitAsync(run.Limits.Cancellation);
            if (!commit.IsCompleted)
            {
                connection.Gate.HoldTurn(run);
            }

            await commit.ConfigureAwait(false);
        }
        catch (Exception error) when (run.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            ForgetIfOver();
            connection.Gate.End(run);
        }
    }

    /// <summary>Forgets the writes.</summary>
    /// <exception cref="InvalidOperationException">The transaction is over.</exception>
    /// <exception cref="ObjectDisposedException">The transaction is disposed.</exception>
    public override void Rollback()
    {
        var connection = Enter();
        try
        {
            _transaction.Rollback();
        }
        finally
        {
            Leave(connection);
        }
    }

    /// <summary>Sets a savepoint; one with the same name is hidden until the new one is released.</summary>
    /// <param name="savepointName">Its name.</param>
    public override void Save(string savepointName) => AtSavepoint(savepointName, static (transaction, name) => transaction.Save(name));

    /// <summary>Undoes what was written after a savepoint, which stays.</summary>
    /// <param name="savepointName">Its name.</param>
    /// <exception cref="LsmException">UndefinedSavepoint.</exception>
    public override void Rollback(string savepointName) => AtSavepoint(savepointName, static (transaction, name) => transaction.RollbackTo(name));

    /// <summary>Forgets a savepoint and those set after it, and keeps what was written.</summary>
    /// <param name="savepointName">Its name.</param>
    /// <exception cref="LsmException">UndefinedSavepoint.</exception>
    public override void Release(string savepointName) => AtSavepoint(savepointName, static (transaction, name) => transaction.Release(name));

    /// <summary>The connection has closed, which has rolled the transaction back.</summary>
    internal void Detach() => _connection = null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            if (IsActive)
            {
                Rollback();
            }

            _disposed = true;
            _connection = null;
        }

        base.Dispose(disposing);
    }

    private static ValueTask<CommandRun?> QueueAsync(LsmConnection connection, CancellationToken cancellationToken)
    {
        if (!connection.Gate.TryQueue(out var run))
        {
            return default;
        }

        Start(connection, run, cancellationToken);
        return ExecutionGate.WaitAsync(run);
    }

    /// <summary>Begins the commit, which may have begun already to wait for its turn. From here on the transaction is over, whatever comes.</summary>
    private void Begin(LsmConnection connection, CommandRun run, CancellationToken cancellationToken)
    {
        ActiveConnection(); // still
        if (!run.IsInCall)
        {
            Start(connection, run, cancellationToken);
        }

        run.EndTransaction();
    }

    private static void Start(LsmConnection connection, CommandRun run, CancellationToken cancellationToken)
    {
        run.StartCommit(connection.DefaultTimeout, cancellationToken);
        connection.Watch(run.Operation);
        if (run.Operation.IsWatched)
        {
            run.Operation.Describe(StatementSummary.Commit);
        }
    }

    private LsmConnection ActiveConnection()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Connection ?? throw new InvalidOperationException("The transaction has been committed or rolled back; it is over.");
    }

    private LsmConnection Enter()
    {
        var connection = ActiveConnection();
        connection.Gate.Enter();
        return connection;
    }

    private void Leave(LsmConnection connection)
    {
        ForgetIfOver();
        connection.Gate.Leave();
    }

    private void ForgetIfOver()
    {
        if (!_transaction.IsActive)
        {
            _connection = null;
        }
    }

    private void AtSavepoint(string name, Action<SessionTransaction, string> act)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var connection = Enter();
        try
        {
            act(_transaction, name);
        }
        finally
        {
            Leave(connection);
        }
    }
}
