using System.Diagnostics;

namespace LsmTree.Storage.Diagnostics;

/// <summary>The open stores of the process, for the gauges, which are asked for by a listener that knows no store.</summary>
/// <remarks>
/// The references are weak: a store that is dropped without being closed must not live on because it could be measured. Each
/// store has a name that no other has meanwhile: the second one of a name is "name #2".
/// </remarks>
internal sealed class OpenStores
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WeakReference<StoreTelemetry>> _stores = new(StringComparer.Ordinal); // guarded by _gate

    /// <summary>Adds a store, and gives the name under which it is measured.</summary>
    public string Add(string name, StoreTelemetry store)
    {
        lock (_gate)
        {
            ForgetDroppedLocked();
            var free = name;
            for (var number = 2; _stores.ContainsKey(free); number++)
            {
                free = $"{name} #{number}";
            }

            _stores[free] = new WeakReference<StoreTelemetry>(store);
            return free;
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _stores.Remove(name);
        }
    }

    /// <summary>The stores that are open now.</summary>
    public List<StoreTelemetry> ToList()
    {
        lock (_gate)
        {
            var open = new List<StoreTelemetry>(_stores.Count);
            foreach (var reference in _stores.Values)
            {
                if (reference.TryGetTarget(out var store))
                {
                    open.Add(store);
                }
            }

            return open;
        }
    }

    private void ForgetDroppedLocked()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "The stores are guarded by the gate.");
        foreach (var (name, reference) in _stores)
        {
            if (!reference.TryGetTarget(out _))
            {
                _stores.Remove(name); // which an enumeration of a dictionary allows
            }
        }
    }
}
