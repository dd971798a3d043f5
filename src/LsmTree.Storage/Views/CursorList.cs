using System.Numerics;

namespace LsmTree.Storage.Views;

/// <summary>The cursors that are open: each holds the tables and memtables of its moment. Thread-safe.</summary>
/// <remarks>
/// Only for the statistics, so it must cost those nothing who open cursors on many threads at once: the list is in parts, each with a lock of its own, and a
/// thread always adds to the same one. A cursor that nobody disposes stays on the list, as what it holds stays held.
/// </remarks>
internal sealed class CursorList
{
    private const int MostParts = 64;

    private readonly TimeProvider _time;
    private readonly bool _keepsStacks;
    private readonly Part[] _parts;

    /// <param name="time">The clock.</param>
    /// <param name="keepsStacks">Whether to remember from where each cursor was created. Takes some microseconds each.</param>
    public CursorList(TimeProvider time, bool keepsStacks)
    {
        _time = time;
        _keepsStacks = keepsStacks;
        _parts = new Part[Math.Min(MostParts, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount))];
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = new Part();
        }
    }

    public CursorHandle Add(ulong sequence)
    {
        var handle = new CursorHandle { Sequence = sequence, CreatedAt = _time.GetTimestamp(), Stack = _keepsStacks ? Environment.StackTrace : null };
        _parts[Environment.CurrentManagedThreadId & (_parts.Length - 1)].Add(handle);
        return handle;
    }

    /// <summary>Takes <paramref name="handle"/> off the list. Once.</summary>
    public static void Remove(CursorHandle handle) => handle.Part!.Remove(handle);

    public int Count => _parts.Sum(static part => part.Count);

    /// <summary>Age of the oldest; zero when there is none.</summary>
    public TimeSpan OldestAge()
    {
        var oldest = long.MaxValue;
        foreach (var part in _parts)
        {
            oldest = Math.Min(oldest, part.OldestCreation());
        }

        return oldest == long.MaxValue ? TimeSpan.Zero : _time.GetElapsedTime(oldest);
    }

    /// <summary>Calls <paramref name="visit"/> for every open cursor, under a lock that those who open and close cursors take.</summary>
    public void ForEach(Action<CursorHandle> visit)
    {
        foreach (var part in _parts)
        {
            part.ForEach(visit);
        }
    }

    /// <summary>A part of the list, oldest first.</summary>
    internal sealed class Part
    {
        private readonly Lock _gate = new();
        private CursorHandle? _oldest; // guarded by _gate
        private CursorHandle? _newest; // guarded by _gate
        private int _count; // guarded by _gate

        public int Count => Volatile.Read(ref _count);

        public void Add(CursorHandle handle)
        {
            handle.Part = this;
            lock (_gate)
            {
                handle.Older = _newest;
                if (_newest is null)
                {
                    _oldest = handle;
                }
                else
                {
                    _newest.Newer = handle;
                }

                _newest = handle;
                _count++;
            }
        }

        public void Remove(CursorHandle handle)
        {
            lock (_gate)
            {
                if (handle.Older is null)
                {
                    _oldest = handle.Newer;
                }
                else
                {
                    handle.Older.Newer = handle.Newer;
                }

                if (handle.Newer is null)
                {
                    _newest = handle.Older;
                }
                else
                {
                    handle.Newer.Older = handle.Older;
                }

                _count--;
            }
        }

        public long OldestCreation()
        {
            lock (_gate)
            {
                return _oldest?.CreatedAt ?? long.MaxValue;
            }
        }

        public void ForEach(Action<CursorHandle> visit)
        {
            lock (_gate)
            {
                for (var handle = _oldest; handle is not null; handle = handle.Newer)
                {
                    visit(handle);
                }
            }
        }
    }
}
