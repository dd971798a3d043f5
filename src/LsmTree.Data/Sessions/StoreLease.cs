namespace LsmTree.Data.Sessions;

/// <summary>A session's share of an engine; disposing it gives it back, once.</summary>
internal sealed class StoreLease : IDisposable
{
    private Action? _giveBack;

    private StoreLease(SharedStore shared, Action giveBack)
    {
        Shared = shared;
        _giveBack = giveBack;
    }

    public SharedStore Shared { get; }

    /// <summary>A share of an engine that others use too.</summary>
    public static StoreLease Of(SharedStore shared, Action giveBack) => new(shared, giveBack);

    /// <summary>The whole of an engine, which ends with the lease.</summary>
    public static StoreLease Private(SharedStore shared) => new(shared, shared.Dispose);

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
