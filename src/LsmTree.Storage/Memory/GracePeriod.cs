namespace LsmTree.Storage.Memory;

/// <summary>Gives memory back when every reader that may have found it has left its <see cref="ReadSection"/>.</summary>
/// <remarks>
/// <para>The caller has made the memory unreachable first, so that who enters later cannot find it. Then all processors are made to see each
/// other's writes (membarrier, FlushProcessWriteBuffers), and the threads that are in a section at that moment are noted; when each of them has
/// left that section, the memory goes. This is quiescent-state reclamation (after McKenney and Slingwine, 1998) with an asymmetric fence: readers
/// pay for none.</para>
/// <para>Who sees to it: the caller, when nobody is reading; otherwise the last of the noted readers, as it leaves. Correctness of the hand-over:
/// a reader writes its state and then looks whether it is awaited (<see cref="ReaderSlot.IsAwaited"/>); the retiring thread writes that, fences all processors, and then
/// looks at the states. So either it sees that the reader has left, or the reader sees that it is awaited. Each reader has a mark of its own, so that
/// one who reads from a slow disk does not make the others look each time they leave.</para>
/// <para>Static, because a thread's slot is: threads do not belong to a store. Nothing here depends on which store memory came from.</para>
/// </remarks>
internal static class GracePeriod
{
    private static readonly Lock s_gate = new();

    // Guarded by s_gate.
    private static readonly List<WeakReference<ReaderSlot>> s_slots = [];
    private static readonly List<Waiting> s_waiting = [];
    private static int s_nextSweep = 32;

    /// <summary>Retirements that wait for somebody to leave a section.</summary>
    public static int WaitingCount
    {
        get
        {
            lock (s_gate)
            {
                return s_waiting.Count;
            }
        }
    }

    /// <summary>A slot for the calling thread. When the thread has ended, its slot is collected.</summary>
    public static ReaderSlot Register()
    {
        var slot = new ReaderSlot();
        lock (s_gate)
        {
            if (s_slots.Count >= s_nextSweep)
            {
                s_slots.RemoveAll(static reference => !reference.TryGetTarget(out _));
                s_nextSweep = Math.Max(32, s_slots.Count * 2);
            }

            s_slots.Add(new WeakReference<ReaderSlot>(slot));
        }

        return slot;
    }

    /// <summary>Calls <paramref name="release"/> once nobody can be reading what the caller has made unreachable: now, or on the thread of the last reader. It must not throw.</summary>
    public static void Await(Action release)
    {
        lock (s_gate)
        {
            var slots = new List<ReaderSlot>(s_slots.Count);
            foreach (var reference in s_slots)
            {
                if (reference.TryGetTarget(out var slot))
                {
                    slot.IsAwaited = true;
                    slots.Add(slot);
                }
            }

            Interlocked.MemoryBarrierProcessWide();
            var readers = new List<(ReaderSlot Slot, long Visit)>();
            foreach (var slot in slots)
            {
                if (slot.Visit is var visit and not 0)
                {
                    readers.Add((slot, visit));
                }
            }

            if (readers.Count > 0)
            {
                s_waiting.Add(new Waiting(release, readers));
                return;
            }
        }

        release();
    }

    /// <summary>Gives back what nobody is reading any more, now that a thread has left its section.</summary>
    /// <param name="left">The slot of that thread.</param>
    public static void Look(ReaderSlot left)
    {
        List<Action>? due = null;
        lock (s_gate)
        {
            left.IsAwaited = false; // whoever retires next sets it again
            for (var i = s_waiting.Count - 1; i >= 0; i--)
            {
                s_waiting[i].Readers.RemoveAll(static reader => reader.Slot.Visit != reader.Visit);
                if (s_waiting[i].Readers.Count == 0)
                {
                    (due ??= []).Add(s_waiting[i].Release);
                    s_waiting.RemoveAt(i);
                }
            }
        }

        due?.ForEach(static release => release());
    }

    private readonly record struct Waiting(Action Release, List<(ReaderSlot Slot, long Visit)> Readers);
}
