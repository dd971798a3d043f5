using System.Data;
using System.Diagnostics.CodeAnalysis;
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
    private StoreTransaction? _store; // null until the moment is taken
    private Catalogue? _catalogue; // as _store
    private bool _changedTables;
    private int _held; // savepoints that a batch found, which it cannot roll back to

    private SessionTransaction(SharedStore shared, IsolationLevel isolationLevel, bool isReadOnly, Durability durability)
    {
        _shared = shared;
        _durability = durability;
        IsolationLevel = isolationLevel;
        IsReadOnly = isReadOnly;
    }

    public IsolationLevel IsolationLevel { get; }

    /// <summary>True when its session refuses writes.</summary>
    public bool IsReadOnly { get; }

    /// <summary>False once it was committed or rolled back, also by text.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>The engine's transaction. Asked for it, a deferred one takes its moment.</summary>
    public StoreTransaction Store
    {
        get
        {
            if (_store is null)
            {
                TakeMoment();
            }

            return _store;
        }
    }

    /// <summary>The tables as this transaction sees them: those of its moment, and its own changes. Asked for them, a deferred one takes its moment.</summary>
    public Catalogue Catalogue
    {
        get
        {
            if (_catalogue is null)
            {
                TakeMoment();
            }

            return _catalogue;
        }
    }

    /// <param name="shared">The engine.</param>
    /// <param name="terms">What is asked for; what is weaker than Snapshot is raised to it.</param>
    /// <param name="durability">What Commit waits for.</param>
    /// <exception cref="ArgumentException">Chaos, which nothing provides.</exception>
    public static SessionTransaction Begin(SharedStore shared, in TransactionTerms terms, Durability durability)
    {
        var level = terms.IsolationLevel switch
        {
            IsolationLevel.Serializable => IsolationLevel.Serializable,
            IsolationLevel.Chaos => throw new ArgumentException("IsolationLevel.Chaos is not supported.", nameof(terms)),
            _ => IsolationLevel.Snapshot,
        };
        var transaction = new SessionTransaction(shared, level, terms.IsReadOnly, durability);
        if (!terms.IsDeferred)
        {
            transaction.TakeMoment();
        }

        return transaction;
    }

    /// <summary>Takes the tables that CREATE or DROP in this transaction has made.</summary>
    public void ChangeTables(Catalogue catalogue)
    {
        _catalogue = catalogue;
        _changedTables = true;
    }

    public void Commit() => Commit(CancellationToken.None);

    /// <param name="cancellation">Ends the wait for a flush; then nothing is written.</param>
    /// <exception cref="LsmException">SerializationFailure, CommitOutcomeUnknown and others. The transaction is over in any case.</exception>
    public void Commit(CancellationToken cancellation)
    {
        EnsureActive();
        if (_store is null || _store.WriteCount == 0)
        {
            Rollback(); // nothing to check or to write: reads of a snapshot are of one moment by themselves
            return;
        }

        IsActive = false;
        try
        {
            if (_changedTables)
            {
                _shared.Commit(_store, Catalogue, _durability, cancellation);
            }
            else
            {
                _store.Commit(_durability, cancellation);
            }
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            _store.Dispose();
        }
    }

    /// <summary>As <see cref="Commit(CancellationToken)"/>, waiting for the shared fsync without holding a thread.</summary>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        EnsureActive();
        if (_store is null || _store.WriteCount == 0)
        {
            Rollback();
            return;
        }

        IsActive = false;
        try
        {
            if (_changedTables)
            {
                await _shared.CommitAsync(_store, Catalogue, _durability, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await _store.CommitAsync(_durability, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            _store.Dispose();
        }
    }

    public void Rollback()
    {
        EnsureActive();
        IsActive = false;
        _store?.Dispose();
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
        if (index < _held)
        {
            throw new LsmException(LsmErrorCode.InvalidTransactionState, $"The savepoint '{name}' was set before this batch, which succeeds or fails as one", hint: "roll back to it after the batch");
        }

        Store.RollbackTo(_savepoints[index].Position);
        _catalogue = _savepoints[index].Catalogue;
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    /// <summary>Forgets the savepoint and later ones; what was done stays.</summary>
    /// <exception cref="LsmException">UndefinedSavepoint.</exception>
    public void Release(string name)
    {
        var index = IndexOf(name);
        _savepoints.RemoveRange(index, _savepoints.Count - index);
        _held = Math.Min(_held, index); // those that are set from now on are the batch's own
    }

    /// <summary>Begins what is undone as a whole when it fails. End it with <see cref="EndUnit"/> or <see cref="UndoUnit"/>.</summary>
    public TransactionUnit BeginUnit()
    {
        EnsureActive();
        _held = _savepoints.Count;
        return new TransactionUnit(Store.CreateSavepoint(), Catalogue, [.. _savepoints]);
    }

    public void EndUnit() => _held = 0;

    /// <summary>Undoes what was done since <see cref="BeginUnit"/>; the savepoints are those of then.</summary>
    public void UndoUnit(in TransactionUnit unit)
    {
        _held = 0;
        Store.RollbackTo(unit.Position);
        _catalogue = unit.Catalogue;
        _savepoints.Clear();
        _savepoints.AddRange(unit.Savepoints);
    }

    [MemberNotNull(nameof(_store), nameof(_catalogue))]
    private void TakeMoment()
    {
        EnsureActive();
        var isolation = IsolationLevel == IsolationLevel.Serializable ? TransactionIsolation.Serializable : TransactionIsolation.Snapshot;
        _store = _shared.Begin(isolation, out var catalogue);
        _catalogue = catalogue;
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
}
