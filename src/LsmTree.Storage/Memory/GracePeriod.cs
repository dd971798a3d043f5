using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>Gives memory back when every reader that may have found it has left its <see cref="ReadSection"/>.</summary>
/// <remarks>
/// <para>The caller has made the memory unreachable first, so that who enters later cannot find it. Then all processors are made to see each
/// other's writes (membarrier, FlushProcessWriteBuffers), and the threads that are in a section at that moment are noted; when each of them has
/// left that section, the memory goes. This is quiescent-state reclamation (after McKenney and Slingwine, 1998) with an asymmetric fence: readers
/// pay for none.</para>
/// <para>Who sees to it: the caller, when nobody is reading; otherwise the last of the noted readers, as it leaves. Correctness of the hand-over:
/// a reader writes its state and then looks whether it is awaited (<see cref="ReaderSlot.IsAwaited"/>); the retiring thread marks every slot so, fences all
/// processors, and then looks at the states. So either it sees that the reader has left, or the reader sees that it is awaited.</para>
/// <para>Whoever is seen outside loses the mark again, for everybody who is marked takes the gate as he leaves: one who reads from a slow disk must not cost the
/// others that, each time something is retired. This rests on two invariants:</para>
/// <para>(1) While something waits for a slot, the slot is marked. The mark was set before its thread was seen reading, and two take marks away, under the gate: the
/// thread itself once it is outside (<see cref="Look"/>), with everything that waits for it, and <see cref="Await"/>, from slots for which nothing waits. The second
/// condition is for a thread that has left the section it was noted in and not looked at its mark yet: it is outside, and must come all the same.</para>
/// <para>(2) What waits for a slot waits for the section that its thread is in, or has just left: a thread that was noted is marked, and comes to <see cref="Look"/> before
/// it enters another section. So sections need no numbers.</para>
/// <para>Static, because a thread's slot is: threads do not belong to a store. Nothing here depends on which store memory came from.</para>
/// </remarks>
internal static class GracePeriod
{
    private static readonly Lock s_gate = new();

    // Guarded by s_gate.
    private static readonly List<WeakReference<ReaderSlot>> s_slots = [];
    private static readonly Dictionary<ReaderSlot, List<WaitingRelease>> s_waiting = []; // by whom they wait for; no list is empty
    private static int s_waitingCount;
    private static int s_nextSweep = 32;

    [ThreadStatic]
    private static List<Action>? t_gathered;

    /// <summary>Retirements that wait for somebody to leave a section.</summary>
    public static int WaitingCount
    {
        get
        {
            lock (s_gate)
            {
                return s_waitingCount;
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

    /// <summary>From here to its disposal what the calling thread retires waits together, for one fence: the fence is what is dear about a retirement.</summary>
    /// <remarks>Memory goes later, at the end, so this is for what ends soon: the closing of a table, of a store. One within another is part of it.</remarks>
    public static Gathering Gather()
    {
        if (t_gathered is not null)
        {
            return new Gathering(isOutermost: false);
        }

        t_gathered = [];
        return new Gathering(isOutermost: true);
    }

    /// <summary>Calls <paramref name="release"/> once nobody can be reading what the caller has made unreachable: now, or on the thread of the last reader. It must not throw.</summary>
    public static void Await(Action release)
    {
        if (t_gathered is { } gathered)
        {
            gathered.Add(release);
            return;
        }

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
            var waiting = new WaitingRelease(release);
            foreach (var slot in slots)
            {
                if (slot.IsReading)
                {
                    waiting.Readers++;
                    (CollectionsMarshal.GetValueRefOrAddDefault(s_waiting, slot, out _) ??= []).Add(waiting);
                }
                else if (!s_waiting.ContainsKey(slot))
                {
                    slot.IsAwaited = false;
                }
            }

            if (waiting.Readers > 0)
            {
                s_waitingCount++;
                return;
            }
        }

        release();
    }

    /// <summary>The end of a <see cref="Gathering"/>.</summary>
    public static void AwaitGathered()
    {
        var gathered = t_gathered!;
        t_gathered = null;
        if (gathered.Count > 0)
        {
            Await(() => gathered.ForEach(static release => release()));
        }
    }

    /// <summary>Gives back what waited for one thread alone, now that it has left its section.</summary>
    /// <param name="left">The slot of that thread.</param>
    public static void Look(ReaderSlot left)
    {
        List<Action>? due = null;
        lock (s_gate)
        {
            left.IsAwaited = false;
            if (!s_waiting.Remove(left, out var waiting))
            {
                return; // somebody had the mark on everybody
            }

            foreach (var one in waiting)
            {
                if (--one.Readers == 0)
                {
                    (due ??= []).Add(one.Release);
                    s_waitingCount--;
                }
            }
        }

        due?.ForEach(static release => release());
    }
}
