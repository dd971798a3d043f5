namespace LsmTree.Data.Sessions;

/// <summary>A directory (or a named memory) in the registry, with its engine while that is open.</summary>
internal sealed class StorePlace(string name)
{
    private ITimer? _closing;

    public string Name => name;

    /// <summary>Held while the engine is opened, joined, left or closed. Everything below needs it, but for <see cref="Interest"/>.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Threads that have the place in hand, and leases; guarded by the registry's gate.</summary>
    public int Interest { get; set; }

    public SharedStore? Shared { get; set; }

    /// <summary>Sessions that use the engine.</summary>
    public int Leases { get; set; }

    /// <summary>True when the engine was to close while sessions used it: it closes with the last of them, pooled or not.</summary>
    public bool ClosesWhenFree { get; set; }

    public void CloseAfter(TimeSpan idle, TimeProvider time, Action<StorePlace> close)
    {
        StopClosing();
        _closing = time.CreateTimer(_ => close(this), null, idle, Timeout.InfiniteTimeSpan);
    }

    public void StopClosing()
    {
        _closing?.Dispose();
        _closing = null;
    }

    public void Close()
    {
        StopClosing();
        ClosesWhenFree = false;
        var shared = Shared;
        Shared = null;
        shared?.Dispose();
    }
}
