using System.Diagnostics.Metrics;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Execution;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>Which engines this process has open: one for each directory, however many connections use it.</summary>
/// <remarks>
/// <para><see cref="Process"/> is the one static mutable state of the provider, because an operating-system lock belongs to the process as a whole.
/// Everything else works on an instance, and tests make their own.</para>
/// <para>Invariants. (1) A place is in the table as long as somebody is interested in it or its engine is open. (2) Opening, joining, leaving
/// and closing of one place happen one after another, by its turn; places do not wait for each other. (3) An open that fails leaves no engine,
/// and no place once nobody waits. (4) An engine without leases has a timer that closes it, or is closed.</para>
/// </remarks>
/// <param name="time">When idle engines close, and how long a lock is waited for.</param>
/// <param name="open">Opens the engine of a directory; null for <see cref="LsmStore.Open"/>.</param>
internal sealed class StoreRegistry(TimeProvider time, Func<string, LsmStoreOptions, LsmStore>? open = null)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(200);

    private readonly Func<string, LsmStoreOptions, LsmStore> _open = open ?? LsmStore.Open;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StorePlace> _places = new(StorePath.Comparer); // guarded by _gate

    /// <summary>The registry of this process.</summary>
    public static StoreRegistry Process { get; } = Observed(new StoreRegistry(TimeProvider.System));

    /// <summary>Engines that are open now, idle ones included.</summary>
    public int OpenCount
    {
        get
        {
            lock (_gate)
            {
                return _places.Values.Count(static place => place.Shared is not null);
            }
        }
    }

    /// <summary>Opens the engine of a directory, or joins it.</summary>
    /// <exception cref="LsmException">StoreLocked, NotAStore, OptionsConflict, Corruption, IoError.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while the engine's turn or its lock was waited for.</exception>
    public StoreLease Lease(SessionSettings settings, CancellationToken cancellationToken)
    {
        if (settings.InMemory && settings.DataSource is "" or ":memory:")
        {
            return StoreLease.Private(OpenInMemory(settings));
        }

        var name = settings.InMemory ? "memory:" + settings.DataSource : StorePath.Canonical(settings.DataSource);
        var place = Enter(name);
        var isLeased = false;
        try
        {
            if (!place.Turn.Wait(settings.Timeout, cancellationToken))
            {
                throw new LsmException(LsmErrorCode.StoreLocked, $"Another thread has been opening or closing '{name}' for longer than the timeout of {settings.Timeout.TotalSeconds:0.#} s");
            }

            try
            {
                place.StopClosing();
                CloseUseless(place, settings);
                if (place.Shared is null)
                {
                    place.Shared = settings.InMemory ? OpenInMemory(settings) : OpenDirectory(name, settings, cancellationToken);
                }
                else if (EngineOptions.FindConflict(settings, place.Shared.OpenedWith) is { } conflict)
                {
                    throw conflict;
                }

                place.Leases++;
                isLeased = true;
                return StoreLease.Of(place.Shared, () => Return(place, settings));
            }
            finally
            {
                RestIfIdle(place, settings);
                place.Turn.Release();
            }
        }
        finally
        {
            if (!isLeased)
            {
                Leave(place);
            }
        }
    }

    /// <summary>Closes engines, of one directory or (null) all: now those that no session uses, the others with their last session.</summary>
    public void CloseIdle(SessionSettings? settings)
    {
        List<StorePlace> places;
        lock (_gate)
        {
            var name = settings is null || settings.InMemory ? null : StorePath.Canonical(settings.DataSource);
            places = [.. _places.Values.Where(place => settings is null || StorePath.Comparer.Equals(place.Name, name))];
            places.ForEach(static place => place.Interest++);
        }

        foreach (var place in places)
        {
            place.Turn.Wait();
            try
            {
                if (place.Leases == 0)
                {
                    place.Close();
                }
                else
                {
                    place.ClosesWhenFree = true;
                }
            }
            finally
            {
                place.Turn.Release();
                Leave(place);
            }
        }
    }

    private static StoreRegistry Observed(StoreRegistry registry)
    {
        DataInstruments.ObserveConnections(registry.CountConnections);
        return registry;
    }

    private List<Measurement<int>> CountConnections()
    {
        lock (_gate)
        {
            var counts = new List<Measurement<int>>(_places.Count);
            foreach (var place in _places.Values)
            {
                if (place.Shared is { } shared) // read once: its turn may be opening or closing it now
                {
                    counts.Add(new Measurement<int>(shared.Connections, shared.Tags.Pool, shared.Tags.Store, new KeyValuePair<string, object?>(DataInstruments.StateTag, "used")));
                }
            }

            return counts;
        }
    }

    private StorePlace Enter(string name)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(name, out var place))
            {
                _places.Add(name, place = new StorePlace(name));
            }

            place.Interest++;
            return place;
        }
    }

    private void Leave(StorePlace place)
    {
        lock (_gate)
        {
            if (--place.Interest == 0 && place.Shared is null)
            {
                _places.Remove(place.Name);
            }
        }
    }

    private void Return(StorePlace place, SessionSettings settings)
    {
        place.Turn.Wait();
        try
        {
            place.Leases--;
            RestIfIdle(place, settings);
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            place.Turn.Release();
            Leave(place);
        }
    }

    private void RestIfIdle(StorePlace place, SessionSettings settings)
    {
        if (place.Leases > 0 || place.Shared is null)
        {
            return;
        }

        if (place.ClosesWhenFree || settings.InMemory || !settings.Pooling || settings.EngineIdleTimeout <= TimeSpan.Zero)
        {
            place.Close();
        }
        else
        {
            place.CloseAfter(settings.EngineIdleTimeout, time, CloseIdlePlace);
        }
    }

    private void CloseIdlePlace(StorePlace place)
    {
        lock (_gate)
        {
            place.Interest++;
        }

        place.Turn.Wait();
        try
        {
            if (place.Leases == 0)
            {
                place.Close();
            }
        }
        catch (StoreException)
        {
            // Nobody waits for an idle engine: what its last flush could not write is in its log, and the next open reports what is wrong.
        }
        catch (IOException)
        {
            // As above.
        }
        finally
        {
            place.Turn.Release();
            Leave(place);
        }
    }

    /// <summary>Closes an idle engine that the new connection could not use: stopped by an error, of a directory that is gone, or read-only.</summary>
    private static void CloseUseless(StorePlace place, SessionSettings settings)
    {
        if (place.Leases > 0 || place.Shared is not { } shared || settings.InMemory)
        {
            return;
        }

        if (EngineOptions.FindConflict(settings, shared.OpenedWith) is not null
            || !Path.Exists(place.Name)
            || shared.Store.GetStatistics().Failure is not null)
        {
            place.Close();
        }
    }

    private SharedStore OpenInMemory(SessionSettings settings) =>
        Share(LsmStore.OpenInMemory(EngineOptions.From(settings with { Mode = OpenMode.ReadWriteCreate }, time)), settings);

    private SharedStore OpenDirectory(string directory, SessionSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Mode != OpenMode.ReadWriteCreate && !Path.Exists(directory))
        {
            throw new LsmException(LsmErrorCode.NotAStore, $"The directory '{directory}' does not exist", hint: "Mode=ReadWriteCreate creates it");
        }

        var options = EngineOptions.From(settings, time);
        var start = time.GetTimestamp();
        var pause = s_firstPause;
        while (true)
        {
            try
            {
                return Share(_open(directory, options), settings);
            }
            catch (StoreLockedException) when (settings.Timeout == Timeout.InfiniteTimeSpan || time.GetElapsedTime(start) + pause <= settings.Timeout)
            {
                // The process that holds it may let it go.
            }
            catch (Exception error) when (StoreErrors.TryTranslate(error, out var translated))
            {
                throw translated;
            }

            cancellationToken.WaitHandle.WaitOne(pause);
            cancellationToken.ThrowIfCancellationRequested();
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private static SharedStore Share(LsmStore store, SessionSettings settings)
    {
        SharedStore? shared = null;
        try
        {
            shared = new SharedStore(store, settings);
            return shared;
        }
        finally
        {
            if (shared is null)
            {
                store.Dispose();
            }
        }
    }
}
