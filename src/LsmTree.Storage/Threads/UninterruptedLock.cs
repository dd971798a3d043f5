namespace LsmTree.Storage.Threads;

/// <summary>A lock that no interruption of the thread (<see cref="Thread.Interrupt"/>) comes in the way of: for who has news that others wait for. The interruption comes later.</summary>
internal readonly ref struct UninterruptedLock : IDisposable
{
    private readonly object _gate;
    private readonly bool _isInterrupted;

    private UninterruptedLock(object gate, bool isInterrupted)
    {
        _gate = gate;
        _isInterrupted = isInterrupted;
    }

    public static UninterruptedLock Enter(object gate)
    {
        var isInterrupted = false;
        while (true)
        {
            try
            {
                Monitor.Enter(gate);
                return new UninterruptedLock(gate, isInterrupted);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }
    }

    public void Dispose()
    {
        Monitor.Exit(_gate);
        if (_isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
