using LsmTree.Data.Diagnostics;
using LsmTree.Data.Schemas;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>An open engine and what all its connections share: the tables of now, and the plans made for them.</summary>
internal sealed class SharedStore : IDisposable
{
    private readonly Lock _gate = new();
    private Catalogue _catalogue;
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

    /// <summary>The committed tables.</summary>
    public Catalogue Catalogue => Volatile.Read(ref _catalogue);

    /// <summary>Makes the tables of a committed transaction everybody's. Of two that commit at once, the later stays.</summary>
    public void Publish(Catalogue catalogue)
    {
        lock (_gate)
        {
            if (catalogue.Epoch > _catalogue.Epoch)
            {
                Volatile.Write(ref _catalogue, catalogue);
            }
        }
    }

    public void AddConnection() => Interlocked.Increment(ref _connections);

    public void RemoveConnection() => Interlocked.Decrement(ref _connections);

    public void Dispose() => Store.Dispose();
}
