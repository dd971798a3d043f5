using System.Data;
using LsmTree.Data.Execution;
using LsmTree.Data.Schemas;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>A transaction of a session. Text (BEGIN, COMMIT) and objects (BeginTransaction, Commit) share it. Bound to no thread.</summary>
internal sealed class SessionTransaction
{
    private readonly SharedStore _shared;
    private readonly Durability _durability;
    private readonly List<NamedSavepoint> _savepoints = [];
    private bool _changedTables;

    private SessionTransaction(SharedStore shared, StoreTransaction store, Catalogue catalogue, IsolationLevel isolationLevel, Durability durability)
    {
        _shared = shared;
        _durability = durability;
        Store = store;
        Catalogue = catalogue;
        IsolationLevel = isolationLevel;
    }

    public IsolationLevel IsolationLevel { get; }

    /// <summary>False once it was committed or rolled back, also by text.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>The engine's transaction.</summary>
    public StoreTransaction Store { get; }

    /// <summary>The tables as this transaction sees them: those of its beginning, and its own changes.</summary>
    public Catalogue Catalogue { get; private set; }

    /// <param name="shared">The engine.</param>
    /// <param name="isolationLevel">The level asked for; what is weaker than Snapshot is raised to it.</param>
    /// <param name="durability">What Commit waits for.</param>
    /// <exception cref="ArgumentException">Chaos, which nothing provides.</exception>
    public static SessionTransaction Begin(SharedStore shared, IsolationLevel isolationLevel, Durability durability)
    {
        var level = isolationLevel switch
        {
            IsolationLevel.Serializable => IsolationLevel.Serializable,
            IsolationLevel.Chaos => throw new ArgumentException("IsolationLevel.Chaos is not supported.", nameof(isolationLevel)),
            _ => IsolationLevel.Snapshot,
        };
        var isolation = level == IsolationLevel.Serializable ? TransactionIsolation.Serializable : TransactionIsolation.Snapshot;
        while (true)
        {
            // The tables must be those of the transaction's moment: when they change in between, begin again.
            var catalogue = shared.Catalogue;
            var store = shared.Store.BeginTransaction(isolation);
            if (ReferenceEquals(catalogue, shared.Catalogue))
            {
                return new SessionTransaction(shared, store, catalogue, level, durability);
            }

            store.Dispose();
        }
    }

    /// <summary>Takes the tables that CREATE or DROP in this transaction has made.</summary>
    public void ChangeTables(Catalogue catalogue)
    {
        Catalogue = catalogue;
        _changedTables = true;
    }

    /// <exception cref="LsmException">SerializationFailure, CommitOutcomeUnknown and others. The transaction is over in any case.</exception>
    public void Commit()
    {
        EnsureActive();
        if (Store.WriteCount == 0)
        {
            Rollback(); // nothing to check or to write: reads of a snapshot are of one moment by themselves
            return;
        }

        IsActive = false;
        try
        {
            Store.Commit(_durability);
        }
        catch (StoreException error)
        {
            throw StoreErrors.Translate(error);
        }
        catch (IOException error)
        {
            throw StoreErrors.Translate(error);
        }
        finally
        {
            Store.Dispose();
        }

        PublishTables();
    }

    /// <summary>As <see cref="Commit"/>, waiting for the shared fsync without holding a thread.</summary>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        EnsureActive();
        cancellationToken.ThrowIfCancellationRequested();
        if (Store.WriteCount == 0)
        {
            Rollback();
            return;
        }

        IsActive = false;
        try
        {
            await Store.CommitAsync(_durability, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            throw StoreErrors.Translate(error);
        }
        catch (IOException error)
        {
            throw StoreErrors.Translate(error);
        }
        finally
        {
            Store.Dispose();
        }

        PublishTables();
    }

    public void Rollback()
    {
        EnsureActive();
        IsActive = false;
        Store.Dispose();
    }

    /// <summary>Sets a savepoint. One of the same name is hidden until the new one is released, as in PostgreSQL.</summary>
    public void Save(string name)
    {
        EnsureActive();
        _savepoints.Add(new NamedSavepoint(name, Store.CreateSavepoint(), Catalogue));
    }

    /// <summary>Undoes what was done since the savepoint, which stays; later ones go.</summary>
    /// <exception cref="LsmException">UndefinedSavepoint.</exception>
    public void RollbackTo(string name)
    {
        var index = IndexOf(name);
        Store.RollbackTo(_savepoints[index].Position);
        Catalogue = _savepoints[index].Catalogue;
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    /// <summary>Forgets the savepoint and later ones; what was done stays.</summary>
    /// <exception cref="LsmException">UndefinedSavepoint.</exception>
    public void Release(string name)
    {
        var index = IndexOf(name);
        _savepoints.RemoveRange(index, _savepoints.Count - index);
    }

    private int IndexOf(string name)
    {
        EnsureActive();
        var index = _savepoints.FindLastIndex(savepoint => string.Equals(savepoint.Name, name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw new LsmException(LsmErrorCode.UndefinedSavepoint, $"There is no savepoint '{name}'");
    }

    private void EnsureActive()
    {
        if (!IsActive)
        {
            throw new LsmException(LsmErrorCode.InvalidTransactionState, "The transaction is over: it was committed or rolled back");
        }
    }

    private void PublishTables()
    {
        if (_changedTables)
        {
            _shared.Publish(Catalogue);
        }
    }

    private readonly record struct NamedSavepoint(string Name, StoreSavepoint Position, Catalogue Catalogue);
}
