namespace LsmTree.Data;

/// <summary>Lets one execution at a time onto a connection, and keeps what executions share.</summary>
/// <remarks>
/// Synchronous use from two threads is a mistake and is refused. Asynchronous statements that are started before the last one has ended, as
/// Dapper's pipelining does, are not: each waits for its turn, in the order in which they were started.
/// </remarks>
internal sealed class ExecutionGate : IDisposable
{
    private const int Free = 0;
    private const int Busy = 1;

    private CommandRun? _spare;
    private Task? _lastTurn;
    private int _state;
    private bool _disposed;

    /// <summary>Marks the connection as executing.</summary>
    /// <exception cref="InvalidOperationException">Somebody else is executing on it.</exception>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Busy, Free) != Free)
        {
            throw new InvalidOperationException(
                "This connection is already executing a statement. A connection serves one caller at a time: await each call, and open one connection for each thread or request. They share one engine and are cheap.");
        }
    }

    public void Leave() => Volatile.Write(ref _state, Free);

    public CommandRun Rent()
    {
        var run = _spare ?? new CommandRun(TimeProvider.System);
        _spare = null;
        return run;
    }

    public void Return(CommandRun run)
    {
        run.Finish();
        if (_spare is null && !_disposed)
        {
            _spare = run;
        }
        else
        {
            run.Dispose();
        }
    }

    /// <summary>The first call of an execution has ended; its reader goes on.</summary>
    public void EndCall(CommandRun run)
    {
        var turn = run.Turn;
        run.Turn = null;
        run.EndCall();
        run.Operation.Suspend();
        Leave();
        turn?.SetResult();
    }

    /// <summary>An execution has ended.</summary>
    public void End(CommandRun run)
    {
        var turn = run.Turn;
        run.Turn = null;
        Return(run);
        Leave();
        turn?.SetResult();
    }

    /// <summary>Waits for the asynchronous statements that were started before. Null when there is none; otherwise the caller's turn, which it ends.</summary>
    public async ValueTask<TaskCompletionSource?> TakeTurnAsync()
    {
        var previous = _lastTurn;
        if (previous is null || previous.IsCompleted)
        {
            return null;
        }

        var mine = HoldTurn();
        await previous.ConfigureAwait(false);
        return mine;
    }

    /// <summary>Makes asynchronous statements that start from now on wait until the turn is ended.</summary>
    public TaskCompletionSource HoldTurn()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastTurn = mine.Task;
        return mine;
    }

    public void Dispose()
    {
        _disposed = true;
        _spare?.Dispose();
        _spare = null;
    }
}
