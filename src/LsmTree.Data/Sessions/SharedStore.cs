using LsmTree.Data.Diagnostics;
using LsmTree.Data.Schemas;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>An open engine and what all its connections share: the tables of now, and the plans made for them.</summary>
/// <remarks>
/// A commit is visible in the store before it is durable, so that for the length of an fsync the store may show tables that
/// <see cref="Catalogue"/> does not have yet. (1) <see cref="_changesUnderWay"/> is above zero from before such a commit is visible until its tables
/// are published. (2) A moment that was taken while it is zero, with the same catalogue before and after, has the tables of that catalogue;
/// for any other they are read from the store.
/// </remarks>
internal sealed class SharedStore : IDisposable
{
    private readonly Lock _gate = new();
    private Catalogue _catalogue;
    private int _changesUnderWay; // commits that may show tables which _catalogue does not have yet
    private int _connections;

    public SharedStore(LsmStore store, SessionSettings openedWith)
    {
        Store = store;
        OpenedWith = openedWith;
        Tags = new OperationTags(Path.GetFileName(Path.TrimEndingDirectorySeparator(openedWith.InMemory ? openedWith.DataSource : store.Directory)), store.Name);
        _catalogue = Catalogue.Open(store);
    }

    public LsmStore Store { get; }

    /// <summary>The settings of the connection that opened the engine.</summary>
    public SessionSettings OpenedWith { get; }

    /// <summary>What metrics and traces say of every operation on the engine.</summary>
    public OperationTags Tags { get; }

    public PlanCache Plans { get; } = new();

    /// <summary>Open connections; sessions that only keep the engine open are none.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The latest tables that are known to be committed.</summary>
    public Catalogue Catalogue => Volatile.Read(ref _catalogue);

    /// <summary>Begins a transaction of the store.</summary>
    /// <param name="isolation">What is checked at its commit.</param>
    /// <param name="catalogue">The tables that it sees. It has not read them: a change of them is no conflict with it.</param>
    /// <exception cref="LsmException">Corruption.</exception>
    public StoreTransaction Begin(TransactionIsolation isolation, out Catalogue catalogue)
    {
        var before = Catalogue;
        var transaction = Store.BeginTransaction(isolation);
        if (Volatile.Read(ref _changesUnderWay) == 0 && ReferenceEquals(before, Catalogue))
        {
            catalogue = before;
            return transaction;
        }

        transaction.Dispose();
        return BeginBesideChange(isolation, out catalogue);
    }

    /// <summary>Commits a transaction that has changed the tables, and makes them everybody's.</summary>
    public void Commit(StoreTransaction transaction, Catalogue changed, Durability durability, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _changesUnderWay);
        var isSettled = true;
        try
        {
            transaction.Commit(durability, cancellation);
            Publish(changed);
        }
        catch (StoreFailedException)
        {
            isSettled = false; // the store may show the change: from here on every moment reads its tables
            throw;
        }
        finally
        {
            EndChange(isSettled);
        }
    }

    /// <summary>As <see cref="Commit"/>, waiting for the shared fsync without holding a thread.</summary>
    public async ValueTask CommitAsync(StoreTransaction transaction, Catalogue changed, Durability durability, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _changesUnderWay);
        var isSettled = true;
        try
        {
            await transaction.CommitAsync(durability, cancellation).ConfigureAwait(false);
            Publish(changed);
        }
        catch (StoreFailedException)
        {
            isSettled = false; // as in Commit
            throw;
        }
        finally
        {
            EndChange(isSettled);
        }
    }

    /// <summary>Makes tables that the store shows everybody's, unless there are later ones.</summary>
    /// <returns>The same tables, as the one object that stands for them while they are the latest, so that plans made for it serve all.</returns>
    public Catalogue Publish(Catalogue visible)
    {
        lock (_gate)
        {
            if (visible.Epoch > _catalogue.Epoch)
            {
                Volatile.Write(ref _catalogue, visible);
            }

            return visible.Epoch == _catalogue.Epoch ? _catalogue : visible;
        }
    }

    public void AddConnection() => Interlocked.Increment(ref _connections);

    public void RemoveConnection() => Interlocked.Decrement(ref _connections);

    public void Dispose() => Store.Dispose();

    /// <summary>A moment between two others that have the same tables has these tables.</summary>
    private StoreTransaction BeginBesideChange(TransactionIsolation isolation, out Catalogue catalogue)
    {
        while (true)
        {
            using var earlier = Store.BeginTransaction();
            var transaction = Store.BeginTransaction(isolation);
            var isKnown = false;
            try
            {
                using var later = Store.BeginTransaction();
                catalogue = Catalogue.Load(earlier);
                isKnown = Catalogue.Load(later).Epoch == catalogue.Epoch;
                if (isKnown)
                {
                    catalogue = Publish(catalogue);
                    return transaction;
                }
            }
            finally
            {
                if (!isKnown)
                {
                    transaction.Dispose();
                }
            }
        }
    }

    private void EndChange(bool isSettled)
    {
        if (isSettled)
        {
            Interlocked.Decrement(ref _changesUnderWay);
        }
    }
}
