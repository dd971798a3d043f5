namespace LsmTree.Storage.Views;

/// <summary>The store's time: the number of the newest write that readers see. Commits advance it, readers take it after their view.</summary>
internal sealed class SequenceClock
{
    private ulong _visible;

    public SequenceClock(ulong visible)
    {
        _visible = visible;
    }

    public ulong Visible => Volatile.Read(ref _visible);

    /// <summary>Publishes a batch: everything up to <paramref name="sequence"/> is in the memtable. Pairs with the read in <see cref="Visible"/>.</summary>
    public void Publish(ulong sequence) => Volatile.Write(ref _visible, sequence);
}
