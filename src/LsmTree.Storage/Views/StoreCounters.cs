namespace LsmTree.Storage.Views;

/// <summary>Counters that the floors above write and statistics read. Writers of the commit path hold the commit gate; the rest use Interlocked.</summary>
internal sealed class StoreCounters
{
    // Guarded by the commit gate; read without it, so a reader may be one commit behind.
    public long EntriesWritten;
    public long Commits;
    public long BytesWritten;
    public long LogBytesWritten;

    // Interlocked.
    public long LogSyncs;
    public long FlushBytesWritten;
    public long CompactionBytesWritten;
    public long Flushes;
    public long Compactions;
    public long Stalls;
    public long StallTicks;
    public long ListenerErrors;

    public readonly LevelCounters[] Levels = [.. Enumerable.Range(0, Versions.Version.LevelCount).Select(static _ => new LevelCounters())];

    public readonly ReadCounters Reads = new();
}
