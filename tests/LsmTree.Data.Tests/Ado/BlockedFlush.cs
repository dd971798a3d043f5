using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

/// <summary>A flush that does not end: the background thread waits in the call that tells of it.</summary>
internal sealed class BlockedFlush : StoreEventListener, IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private readonly ManualResetEventSlim _blocked = new();

    public Action Stalled { get; set; } = static () => { };

    public void Release() => _released.Set();

    /// <summary>Returns when the thread waits: nothing more is flushed then.</summary>
    public void WaitUntilBlocked() => _blocked.Wait();

    public override void OnFlushCompleted(FlushCompleted flush)
    {
        _blocked.Set();
        _released.Wait();
    }

    public override void OnStallBegan() => Stalled();

    public void Dispose()
    {
        _released.Dispose();
        _blocked.Dispose();
    }
}
