namespace LsmTree.Storage.Views;

/// <summary>What jobs have written to one level since the store was opened. Interlocked.</summary>
internal sealed class LevelCounters
{
    public long Jobs;
    public long BytesRead;
    public long BytesWritten;
    public long Ticks;

    /// <summary>Counts a job that is in force.</summary>
    /// <param name="bytesRead">Bytes of the table files that it merged.</param>
    /// <param name="bytesWritten">Bytes of the table files that it wrote.</param>
    /// <param name="duration">How long it took.</param>
    public void Count(long bytesRead, long bytesWritten, TimeSpan duration)
    {
        Interlocked.Increment(ref Jobs);
        Interlocked.Add(ref BytesRead, bytesRead);
        Interlocked.Add(ref BytesWritten, bytesWritten);
        Interlocked.Add(ref Ticks, duration.Ticks);
    }
}
