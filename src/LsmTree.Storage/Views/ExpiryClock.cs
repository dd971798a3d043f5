namespace LsmTree.Storage.Views;

/// <summary>The time by which entries expire, in milliseconds since 1970.</summary>
/// <remarks>
/// <para>It is the store's clock, with one promise more. A compaction turns what has expired into tombstones, and what it has judged cannot be taken
/// back; so no moment that is read afterwards lies before the one by which it judged, even when the clock of the machine is put back. Otherwise
/// a snapshot could see an entry until a compaction ends, and not after.</para>
/// <para>The promise is kept while the store is open. Entries that no compaction has judged come back with the clock.</para>
/// </remarks>
internal sealed class ExpiryClock
{
    private readonly TimeProvider _time;
    private long _judgedUpTo = long.MinValue;

    public ExpiryClock(TimeProvider time)
    {
        _time = time;
    }

    /// <summary>The present moment.</summary>
    public long Now() => Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), Volatile.Read(ref _judgedUpTo));

    /// <summary>Notes that entries which expire at or before <paramref name="moment"/> may be gone for good.</summary>
    public void Judge(long moment)
    {
        var judged = Volatile.Read(ref _judgedUpTo);
        while (judged < moment)
        {
            var seen = Interlocked.CompareExchange(ref _judgedUpTo, moment, judged);
            if (seen == judged)
            {
                return;
            }

            judged = seen;
        }
    }
}
