namespace LsmTree.Storage.Memory;

/// <summary>Gives memory back when every reader that may have found it has left its <see cref="ReadSection"/>.</summary>
/// <remarks>
/// <para>The caller has made the memory unreachable first, so that who enters later cannot find it. Then all processors are made to see each
/// other's writes (membarrier, FlushProcessWriteBuffers), and the threads that are in a section at that moment are noted; when each of them has
/// left that section, the memory goes. This is quiescent-state reclamation (after McKenney and Slingwine, 1998) with an asymmetric fence: readers
/// pay for none.</para>
/// <para>Who sees to it: the caller, when nobody is reading; otherwise the last of the noted readers, as it leaves. Correctness of the hand-over:
/// a reader writes its slot and then looks at <see cref="IsAwaited"/>; the retiring thread writes that, fences all processors, and then looks at the
/// slots. So either it sees that the reader has left, or the reader sees that it is awaited.</para>
/// <para>Static, because a thread's slot is: threads do not belong to a store. Nothing here depends on which store memory came from.</para>
/// </remarks>
internal static class GracePeriod
{
    private static readonly Lock s_gate = new();

    // Guarded by s_gate.
    private static readonly List<WeakReference<ReaderSlot>> s_slots = [];
    private static readonly List<Waiting> s_waiting = [];
    private static int s_nextSweep = 32;

    // Volatile, written under s_gate.
    private static bool s_isAwaited;

    /// <summary>True while memory waits for somebody to leave a section.</summary>
    public static bool IsAwaited => Volatile.Read(ref s_isAwaited);

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
            Volatile.Write(ref s_isAwaited, true);
            Interlocked.MemoryBarrierProcessWide();
            var readers = new List<(ReaderSlot Slot, long Visit)>();
            foreach (var reference in s_slots)
            {
                if (reference.TryGetTarget(out var slot) && slot.Visit is var visit and not 0)
                {
                    readers.Add((slot, visit));
                }
            }

            if (readers.Count > 0)
            {
                s_waiting.Add(new Waiting(release, readers));
                return;
            }

            Volatile.Write(ref s_isAwaited, s_waiting.Count > 0);
        }

        release();
    }

    /// <summary>Gives back what nobody is reading any more.</summary>
    public static void Look()
    {
        List<Action>? due = null;
        lock (s_gate)
        {
            for (var i = s_waiting.Count - 1; i >= 0; i--)
            {
                s_waiting[i].Readers.RemoveAll(static reader => reader.Slot.Visit != reader.Visit);
                if (s_waiting[i].Readers.Count == 0)
                {
                    (due ??= []).Add(s_waiting[i].Release);
                    s_waiting.RemoveAt(i);
                }
            }

            Volatile.Write(ref s_isAwaited, s_waiting.Count > 0);
        }

        due?.ForEach(static release => release());
    }

    private readonly record struct Waiting(Action Release, List<(ReaderSlot Slot, long Visit)> Readers);
}
