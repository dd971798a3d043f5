using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

/// <summary>A flush that does not end: the background thread waits in the call that tells of it.</summary>
internal sealed class BlockedFlush : StoreEventListener, IDisposable
{
    private readonly ManualResetEventSlim _released = new();

    public Action Stalled { get; set; } = static () => { };

    public void Release() => _released.Set();

    public override void OnFlushCompleted(FlushCompleted flush) => _released.Wait();

    public override void OnStallBegan() => Stalled();

    public void Dispose() => _released.Dispose();
}
