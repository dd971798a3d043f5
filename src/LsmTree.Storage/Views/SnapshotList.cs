namespace LsmTree.Storage.Views;

/// <summary>The moments that somebody still reads: compaction keeps for each the versions it sees.</summary>
/// <remarks>
/// A snapshot is taken, and the list is read by a compaction, under one lock. So a snapshot that a compaction does not see is taken at the number
/// that was the present one then, or later, and what the compaction drops is hidden from it anyway. The same goes for expiry: a compaction judges
/// by a moment that no listed snapshot lies before (<see cref="Capture"/>), and no later snapshot does either (<see cref="ExpiryClock"/>).
/// </remarks>
internal sealed class SnapshotList
{
    private readonly SequenceClock _clock;
    private readonly TimeProvider _time;
    private readonly ExpiryClock _expiry;
    private readonly bool _keepsStacks;
    private readonly ReaderChain _chain = new();

    /// <param name="clock">What is visible.</param>
    /// <param name="time">The clock.</param>
    /// <param name="expiry">What has expired.</param>
    /// <param name="keepsStacks">Whether to remember from where each snapshot was taken. Takes some microseconds each.</param>
    public SnapshotList(SequenceClock clock, TimeProvider time, ExpiryClock expiry, bool keepsStacks = false)
    {
        _keepsStacks = keepsStacks;
        _clock = clock;
        _time = time;
        _expiry = expiry;
    }

    public int Count => _chain.Count;

    /// <summary>Lists <paramref name="handle"/> at the present moment.</summary>
    public void Add(ReaderHandle handle)
    {
        handle.Stack = _keepsStacks ? Environment.StackTrace : null;
        lock (_chain.Gate)
        {
            handle.Sequence = _clock.Visible;
            handle.Moment = _expiry.Now();
            handle.Since = _time.GetTimestamp();
            _chain.Add(handle);
        }
    }

    /// <summary>Takes <paramref name="handle"/> off the list; no error when it is not on it.</summary>
    public void Remove(ReaderHandle handle)
    {
        lock (_chain.Gate)
        {
            if (handle.Chain is not null)
            {
                _chain.Remove(handle);
            }
        }
    }

    /// <summary>
    /// What a compaction must keep: the distinct sequence numbers on the list and the present one, ascending, and the moment up to which entries have expired for all.
    /// The present one matters to tables that are in force before their number is published (a load): a snapshot that is taken until then does not see them.
    /// </summary>
    public (ulong[] Sequences, long ExpiredUpTo) Capture()
    {
        lock (_chain.Gate)
        {
            var sequences = new List<ulong>(_chain.Count);
            var expiredUpTo = _expiry.Now();
            for (var handle = _chain.Oldest; handle is not null; handle = handle.Newer)
            {
                expiredUpTo = Math.Min(expiredUpTo, handle.Moment);
                if (sequences.Count == 0 || sequences[^1] != handle.Sequence)
                {
                    sequences.Add(handle.Sequence);
                }
            }

            var present = _clock.Visible;
            if (sequences.Count == 0 || sequences[^1] != present)
            {
                sequences.Add(present);
            }

            _expiry.Judge(expiredUpTo);
            return ([.. sequences], expiredUpTo);
        }
    }

    /// <summary>The sequence number below which nobody reads: the oldest snapshot's, or the present one.</summary>
    public ulong OldestSequence()
    {
        lock (_chain.Gate)
        {
            return _chain.Oldest?.Sequence ?? _clock.Visible;
        }
    }

    /// <summary>Calls <paramref name="visit"/> for every handle on the list, oldest first, under the lock that taking a snapshot takes.</summary>
    public void ForEach(Action<ReaderHandle> visit) => _chain.ForEach(visit);

    public TimeSpan OldestAge()
    {
        lock (_chain.Gate)
        {
            return _chain.Oldest is { } oldest ? _time.GetElapsedTime(oldest.Since) : TimeSpan.Zero;
        }
    }
}
