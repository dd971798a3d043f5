namespace LsmTree.Storage.Views;

/// <summary>Passes events on to the listener, if there is one, and keeps its errors away from the store.</summary>
/// <remarks>
/// Nobody calls this under a lock: a listener may ask the store anything. It must not change it: a write from the thread that flushes would wait for a
/// flush, one from a stalled write would tell of its own stall, and closing joins the thread. So that none of these hangs, each is refused (<see cref="ThrowIfTelling"/>).
/// </remarks>
internal sealed class EventRelay
{
    [ThreadStatic]
    private static List<EventRelay>? t_telling; // a listener of one store may write to another

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

        var telling = t_telling ??= [];
        telling.Add(this);
        try
        {
            tell(_listener);
        }
        catch (Exception)
        {
            // Somebody else's code, on a thread that has a store to look after: nothing that it throws may end a flush.
            Interlocked.Increment(ref _counters.ListenerErrors);
        }
        finally
        {
            telling.RemoveAt(telling.Count - 1);
        }
    }

    /// <exception cref="InvalidOperationException">The calling thread is in the listener.</exception>
    public void ThrowIfTelling()
    {
        if (_listener is not null && t_telling?.Contains(this) == true)
        {
            throw new InvalidOperationException("A listener must not write to the store that calls it, nor flush, compact, copy or close it: what that would wait for may be waiting for the listener. Let another thread do it.");
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
