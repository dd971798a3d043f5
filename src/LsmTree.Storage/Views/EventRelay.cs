namespace LsmTree.Storage.Views;

/// <summary>Passes events on to the listener, if there is one, and keeps its errors away from the store.</summary>
/// <remarks>Nobody calls this under a lock: a listener may ask the store anything.</remarks>
internal sealed class EventRelay
{
    private readonly StoreEventListener? _listener;
    private readonly TimeProvider _time;
    private readonly StoreCounters _counters;

    public EventRelay(StoreEventListener? listener, TimeProvider time, StoreCounters counters)
    {
        _listener = listener;
        _time = time;
        _counters = counters;
    }

    /// <summary>The present, to be given to <see cref="Since"/>.</summary>
    public long Now => _time.GetTimestamp();

    public TimeSpan Since(long start) => _time.GetElapsedTime(start);

    public void Tell(Action<StoreEventListener> tell)
    {
        if (_listener is null)
        {
            return;
        }

        try
        {
            tell(_listener);
        }
        catch (Exception)
        {
            // Somebody else's code, on a thread that has a store to look after: nothing that it throws may end a flush.
            Interlocked.Increment(ref _counters.ListenerErrors);
        }
    }

    /// <summary>Tells of the tables that <paramref name="edit"/> has added, but for those that it moved.</summary>
    public void TellCreated(string directory, Versions.VersionEdit edit)
    {
        if (_listener is null)
        {
            return;
        }

        foreach (var (level, info) in edit.Added)
        {
            if (!edit.Removed.Any(removed => removed.Number == info.Number))
            {
                var created = new TableCreated(Path.Combine(directory, Files.FileNames.Table(info.Number)), level, info.FileBytes, info.EntryCount);
                Tell(listener => listener.OnTableCreated(created));
            }
        }
    }
}
