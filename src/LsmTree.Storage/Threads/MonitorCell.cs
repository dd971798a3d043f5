namespace LsmTree.Storage.Threads;

/// <summary>A <see cref="WaitCell"/> for any system.</summary>
internal sealed class MonitorCell : WaitCell
{
    private readonly object _gate = new(); // a Monitor: threads wait on it
    private int _number; // guarded by _gate

    public override int Current
    {
        get
        {
            lock (_gate)
            {
                return _number;
            }
        }
    }

    public override void WaitWhile(int seen)
    {
        lock (_gate)
        {
            if (_number == seen)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    public override void Change()
    {
        using (UninterruptedLock.Enter(_gate))
        {
            _number++;
        }
    }

    public override void WakeOne()
    {
        using (UninterruptedLock.Enter(_gate))
        {
            Monitor.Pulse(_gate);
        }
    }

    public override void WakeAll()
    {
        using (UninterruptedLock.Enter(_gate))
        {
            Monitor.PulseAll(_gate);
        }
    }
}
