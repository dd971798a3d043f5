namespace LsmTree.Storage.Views;

/// <summary>Tells a background thread that there may be work. Commits own the calling end, maintenance the waiting end.</summary>
internal sealed class WorkSignal
{
    private readonly object _gate = new();
    private long _raised;
    private bool _stopped;

    /// <summary>Wakes the waiter, now or at its next wait.</summary>
    public void Raise()
    {
        lock (_gate)
        {
            _raised++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends all waiting, for good.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until the signal was raised after <paramref name="seen"/>, or for <paramref name="longest"/>; false when it was stopped.</summary>
    public bool Wait(ref long seen, TimeSpan longest)
    {
        lock (_gate)
        {
            if (!_stopped && _raised == seen)
            {
                Monitor.Wait(_gate, longest);
            }

            seen = _raised;
            return !_stopped;
        }
    }
}
