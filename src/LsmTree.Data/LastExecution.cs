namespace LsmTree.Data;

/// <summary>The execution that a command or a batch has begun last: the one that its Cancel means.</summary>
/// <remarks>The two fields are not read as one. But the number is one of that run and of no other, so that a pair torn between two executions cancels nothing.</remarks>
internal struct LastExecution
{
    private CommandRun? _run;
    private long _number;

    /// <summary>Begins an execution, unless it has begun already to wait for its turn.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="connection">What it runs on.</param>
    /// <param name="timeout">Seconds that its first call may take, which the wait is a part of; 0 for ever.</param>
    /// <param name="token">The caller's token.</param>
    public void Begin(CommandRun run, LsmConnection connection, int timeout, CancellationToken token)
    {
        if (!run.IsInCall)
        {
            Volatile.Write(ref _number, run.Start(timeout, token));
            Volatile.Write(ref _run, run);
            connection.Watch(run.Operation);
        }
    }

    /// <summary>Waits for the asynchronous executions that were started on the connection before, if there are any.</summary>
    /// <returns>The run of the execution, begun; null when there was nothing to wait for.</returns>
    public ValueTask<CommandRun?> QueueAsync(LsmConnection connection, int timeout, CancellationToken token)
    {
        if (!connection.Gate.TryQueue(out var run))
        {
            return default;
        }

        Begin(run, connection, timeout, token);
        return ExecutionGate.WaitAsync(run);
    }

    /// <summary>May be called from any thread.</summary>
    public readonly void Cancel() => Volatile.Read(in _run)?.Cancel(Volatile.Read(in _number));
}
