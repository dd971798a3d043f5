namespace LsmTree.Cli.Terminals;

/// <summary>Leads Ctrl-C to the statement that is running, and to nothing else.</summary>
internal sealed class CancelSignal
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private CancellationTokenSource? _running;

    /// <summary>Runs <paramref name="work"/> with a token that <see cref="TryCancel"/> cancels.</summary>
    public void Run(Action<CancellationToken> work)
    {
        using var source = new CancellationTokenSource();
        lock (_gate)
        {
            _running = source;
        }

        try
        {
            work(source.Token);
        }
        finally
        {
            lock (_gate)
            {
                _running = null;
            }
        }
    }

    /// <summary>
    /// Cancels what is running. False when nothing is, or when it was cancelled before and has not ended: then Ctrl-C ends the process.
    /// </summary>
    public bool TryCancel()
    {
        CancellationTokenSource running;
        lock (_gate)
        {
            if (_running is null || _running.IsCancellationRequested)
            {
                return false;
            }

            running = _running;
        }

        try
        {
            running.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return true; // It ended between the two lines: nothing is left to cancel, and the shell goes on.
        }
    }
}
