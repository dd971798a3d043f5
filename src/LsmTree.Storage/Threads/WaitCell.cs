namespace LsmTree.Storage.Threads;

/// <summary>A number that threads can wait for to change.</summary>
/// <remarks>
/// <para>Who waits reads the number, finds (under a lock of its own) that it has to wait, leaves the lock and calls <see cref="WaitWhile"/> with what it read. Who has
/// news changes the number under that lock (<see cref="Change"/>) and wakes whom it concerns after leaving it. A change between the two steps of
/// a waiter is not missed, because its number is the wrong one by then. Waits may end early: look again.</para>
/// <para>Why not Monitor.Wait: whoever wakes from it takes the lock before anything else, so that sixteen who are woken together queue for it one after another,
/// each asleep once more. That was five switches of threads and eight calls of futex(2) for each commit of sixteen threads that share fsyncs.</para>
/// </remarks>
internal abstract class WaitCell
{
    /// <summary>The number now.</summary>
    public abstract int Current { get; }

    /// <summary>The best that the system has.</summary>
    public static WaitCell Create() => FutexCell.IsSupported ? new FutexCell() : new MonitorCell();

    /// <summary>Waits until the number is another than <paramref name="seen"/>, or for no reason at all a shorter time.</summary>
    public abstract void WaitWhile(int seen);

    /// <summary>Changes the number, so that nobody who read the old one goes to sleep; wakes nobody. Under the lock that waiters decide under.</summary>
    public abstract void Change();

    /// <summary>Wakes one who sleeps, if anybody does.</summary>
    public abstract void WakeOne();

    /// <summary>Wakes all who sleep.</summary>
    public abstract void WakeAll();
}
