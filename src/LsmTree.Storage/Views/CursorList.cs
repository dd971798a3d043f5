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
    private readonly ReaderChain[] _parts;

    /// <param name="time">The clock.</param>
    /// <param name="keepsStacks">Whether to remember from where each cursor was created. Takes some microseconds each.</param>
    public CursorList(TimeProvider time, bool keepsStacks)
    {
        _time = time;
        _keepsStacks = keepsStacks;
        _parts = new ReaderChain[Math.Min(MostParts, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount))];
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = new ReaderChain();
        }
    }

    public ReaderHandle Add(ulong sequence)
    {
        var handle = new ReaderHandle(ReaderKind.Cursor) { Sequence = sequence, Since = _time.GetTimestamp(), Stack = _keepsStacks ? Environment.StackTrace : null };
        var part = _parts[Environment.CurrentManagedThreadId & (_parts.Length - 1)];
        lock (part.Gate)
        {
            part.Add(handle);
        }

        return handle;
    }

    /// <summary>Takes <paramref name="handle"/> off the list. Once.</summary>
    public static void Remove(ReaderHandle handle)
    {
        var part = handle.Chain!;
        lock (part.Gate)
        {
            part.Remove(handle);
        }
    }

    public int Count => _parts.Sum(static part => part.Count);

    /// <summary>Age of the oldest; zero when there is none.</summary>
    public TimeSpan OldestAge()
    {
        var oldest = long.MaxValue;
        foreach (var part in _parts)
        {
            lock (part.Gate)
            {
                oldest = Math.Min(oldest, part.Oldest?.Since ?? long.MaxValue);
            }
        }

        return oldest == long.MaxValue ? TimeSpan.Zero : _time.GetElapsedTime(oldest);
    }

    /// <summary>Calls <paramref name="visit"/> for every open cursor, under a lock that those who open and close cursors take.</summary>
    public void ForEach(Action<ReaderHandle> visit)
    {
        foreach (var part in _parts)
        {
            part.ForEach(visit);
        }
    }
}
